import Foundation
import Market
import Reporting
import Testing

@Suite("Result document")
struct ResultDocumentTests {
  @Test("The document of the sample run")
  func whole() throws {
    let document = ResultDocument(
      SampleRun.make(), manifest: SampleRun.manifest, includesEquity: true)
    let text = String(decoding: document.bytes, as: UTF8.self)
    try expectGolden(text, "sample-run.json")
  }

  @Test("The curve is there only when asked for")
  func withoutCurve() throws {
    let bytes = ResultDocument(SampleRun.make(), manifest: SampleRun.manifest).bytes
    let read = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let document = try #require(read)
    #expect(document["equity"] == nil)
    #expect(document["format"] as? String == "ratchet-result 1")
  }

  @Test("A run of nothing is a valid document")
  func empty() throws {
    let document = ResultDocument(
      RunBuilder().result(candles: []), manifest: SampleRun.manifest, includesEquity: true)
    let read = try JSONSerialization.jsonObject(with: Data(document.bytes)) as? [String: Any]
    #expect((read?["equity"] as? [Any])?.isEmpty == true)
    #expect(read?["median_range"] is NSNull)
  }
}
