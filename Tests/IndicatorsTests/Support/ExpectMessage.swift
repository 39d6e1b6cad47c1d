import Testing

/// Expects that a process that stopped said `message`.
///
/// Optimised code stops without a word, and is not asked.
func expectMessage(
  _ message: String, in result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation
) {
  #if DEBUG
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains(message), sourceLocation: sourceLocation)
  #endif
}
