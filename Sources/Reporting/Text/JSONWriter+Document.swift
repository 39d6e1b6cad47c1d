extension JSONWriter {
  /// Begins the object of a document, with the two members that every one has: `format`, the name
  /// and number of its schema, and `program`, what wrote it.
  public mutating func beginDocument(_ format: String, by program: ResultDocument.Program) {
    beginObject(.lines)
    member("format", format)
    key("program")
    program.write(to: &self)
  }
}
