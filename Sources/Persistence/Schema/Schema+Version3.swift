extension Schema {
  /// Version 3: what a session lived through beside its events.
  static let version3 = """
    CREATE TABLE incidents (
      id INTEGER PRIMARY KEY,
      seq INTEGER NOT NULL,
      pair INTEGER,
      time INTEGER NOT NULL,
      kind TEXT NOT NULL,
      words TEXT NOT NULL
    );
    """

  /// What undoes version 3.
  static let version3Down = "DROP TABLE incidents;"
}
