extension Schema {
  /// Version 1: everything a run leaves behind.
  ///
  /// Nothing is a REAL: prices are integers in steps of 1e-8, quantities and money exact decimals as
  /// text, times nanoseconds since 1970 UTC. A pair is known by its place in the order of registration, an order by pair and number, a
  /// position by pair and a number of its own, from 1.
  static let version1 = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      kind TEXT NOT NULL CHECK (kind IN ('backtest', 'paper', 'live')),
      session INTEGER NOT NULL,
      strategy TEXT NOT NULL,
      manifest TEXT NOT NULL,
      keeps TEXT NOT NULL CHECK (keeps IN ('changes', 'all')),
      cash TEXT NOT NULL,
      finished INTEGER
    );
    CREATE TABLE starts (
      id INTEGER PRIMARY KEY,
      pid INTEGER NOT NULL,
      version TEXT NOT NULL,
      started INTEGER NOT NULL,
      seq INTEGER NOT NULL
    );
    CREATE TABLE pairs (
      pair INTEGER PRIMARY KEY,
      product TEXT NOT NULL UNIQUE,
      correlation_group TEXT,
      quote_increment INTEGER NOT NULL,
      base_increment TEXT NOT NULL,
      interval INTEGER NOT NULL,
      position_size TEXT NOT NULL,
      close INTEGER,
      close_time INTEGER,
      is_halted INTEGER NOT NULL DEFAULT 0 CHECK (is_halted IN (0, 1))
    );
    CREATE TABLE account (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      cash TEXT NOT NULL,
      seq INTEGER NOT NULL,
      time INTEGER NOT NULL,
      trip_time INTEGER,
      trip_equity TEXT,
      trip_level TEXT
    );
    CREATE TABLE events (
      seq INTEGER PRIMARY KEY,
      pair INTEGER NOT NULL,
      time INTEGER NOT NULL,
      body TEXT NOT NULL,
      commands TEXT
    );
    CREATE TABLE orders (
      pair INTEGER NOT NULL REFERENCES pairs (pair),
      number INTEGER NOT NULL,
      position INTEGER,
      role TEXT NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      price INTEGER NOT NULL,
      stop_trigger INTEGER,
      quantity TEXT NOT NULL,
      post_only INTEGER NOT NULL CHECK (post_only IN (0, 1)),
      submitted INTEGER NOT NULL,
      accepted INTEGER,
      done INTEGER,
      state TEXT NOT NULL,
      filled TEXT NOT NULL,
      cancel_reason TEXT,
      cancel_time INTEGER,
      rejection TEXT,
      exchange_id TEXT,
      PRIMARY KEY (pair, number)
    ) WITHOUT ROWID;
    CREATE TABLE fills (
      pair INTEGER NOT NULL,
      number INTEGER NOT NULL,
      id INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      position INTEGER NOT NULL,
      time INTEGER NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      price INTEGER NOT NULL,
      quantity TEXT NOT NULL,
      fee TEXT NOT NULL,
      liquidity TEXT NOT NULL CHECK (liquidity IN ('maker', 'taker')),
      held TEXT NOT NULL,
      PRIMARY KEY (pair, number, id),
      FOREIGN KEY (pair, number) REFERENCES orders (pair, number)
    ) WITHOUT ROWID;
    CREATE TABLE positions (
      pair INTEGER NOT NULL REFERENCES pairs (pair),
      number INTEGER NOT NULL,
      entry INTEGER NOT NULL,
      opened INTEGER NOT NULL,
      closed INTEGER,
      held TEXT NOT NULL,
      bought TEXT NOT NULL,
      entry_notional TEXT NOT NULL,
      exit_notional TEXT NOT NULL,
      fees TEXT NOT NULL,
      exit_reason TEXT,
      stop_trigger INTEGER,
      highest INTEGER NOT NULL,
      ratchets INTEGER NOT NULL,
      escalations INTEGER NOT NULL,
      PRIMARY KEY (pair, number)
    ) WITHOUT ROWID;
    CREATE TABLE ratchets (
      pair INTEGER NOT NULL,
      position INTEGER NOT NULL,
      ordinal INTEGER NOT NULL,
      time INTEGER NOT NULL,
      old_trigger INTEGER NOT NULL,
      new_trigger INTEGER NOT NULL,
      highest INTEGER NOT NULL,
      PRIMARY KEY (pair, position, ordinal),
      FOREIGN KEY (pair, position) REFERENCES positions (pair, number)
    ) WITHOUT ROWID;
    CREATE TABLE signals (
      id INTEGER PRIMARY KEY,
      pair INTEGER NOT NULL,
      time INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      number INTEGER,
      rule TEXT,
      value TEXT,
      rule_limit TEXT
    );
    CREATE TABLE anomalies (
      id INTEGER PRIMARY KEY,
      seq INTEGER NOT NULL,
      pair INTEGER NOT NULL,
      time INTEGER NOT NULL,
      problem TEXT NOT NULL
    );
    CREATE TABLE equity (
      time INTEGER PRIMARY KEY,
      equity TEXT NOT NULL
    );
    CREATE TABLE snapshots (
      seq INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,
      digest TEXT NOT NULL,
      body TEXT NOT NULL
    );
    CREATE TABLE requests (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      made INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (
        kind IN ('force_exit', 'cancel_order', 'halt', 'resume', 'breaker_reset')),
      pair INTEGER,
      number INTEGER,
      price INTEGER,
      state TEXT NOT NULL DEFAULT 'waiting' CHECK (
        state IN ('waiting', 'taken', 'done', 'refused')),
      answer TEXT,
      seq INTEGER
    );
    """

  /// What undoes version 1.
  static let version1Down = [
    "requests", "snapshots", "equity", "anomalies", "signals", "ratchets", "positions", "fills",
    "orders", "events", "account", "pairs", "starts", "run",
  ].map { "DROP TABLE \($0);" }.joined(separator: "\n")
}
