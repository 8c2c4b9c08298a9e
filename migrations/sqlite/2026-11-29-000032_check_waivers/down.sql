DROP TABLE check_waivers;
