extension Schema {
  /// Version 2: indices for what the operator's commands look for.
  static let version2 = """
    CREATE INDEX orders_working ON orders (pair, number) WHERE done IS NULL;
    CREATE INDEX positions_open ON positions (pair, number) WHERE closed IS NULL;
    CREATE INDEX positions_closed ON positions (closed) WHERE closed IS NOT NULL;
    CREATE INDEX requests_waiting ON requests (id) WHERE state IN ('waiting', 'taken');
    """

  /// What undoes version 2.
  static let version2Down = """
    DROP INDEX requests_waiting;
    DROP INDEX positions_closed;
    DROP INDEX positions_open;
    DROP INDEX orders_working;
    """
}
