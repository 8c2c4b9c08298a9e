DROP TABLE co_organizing_offers;
