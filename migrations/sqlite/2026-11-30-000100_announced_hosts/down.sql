DROP TABLE announced_hosts;
