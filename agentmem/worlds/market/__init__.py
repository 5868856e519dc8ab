"""A market to trade in: daily prices and news up to a day, accounts with costs and limits, measures."""
