import Execution
import Hashing
import Market

/// A run as freqtrade's own tools read a backtest: three files in a folder.
///
/// `backtest-result-<time>.json` with trades and statistics, `….meta.json` beside it, and
/// `.last_result.json`, which names the first. The time is that of the last candle's close, not of
/// the export, so that the same run gives the same files. Amounts are doubles there, as freqtrade's
/// are; statistics that both know by one name are Ratchet's, worked out as SEMANTICS 7 says, from the
/// equity after each candle. A position that is open at the end is in `final_balance`, and no trade.
public struct FreqtradeExport: Sendable {
  /// A file of the export.
  public struct File: Hashable, Sendable {
    /// Its name in the folder.
    public var name: String
    /// What it holds, as UTF-8.
    public var bytes: [UInt8]
  }

  /// All three; the one that names the others last.
  public let files: [File]

  /// The export of a run; of one without candles it is a run at 1970.
  public init(_ result: RunResult, manifest: Manifest) {
    let end = result.candles.last.map { $0.start + result.interval } ?? Timestamp(nanoseconds: 0)
    let stem =
      "backtest-result-"
      + FreqtradeText.plain(end).replacing(" ", with: "_").replacing(":", with: "-")
    files = [
      File(name: "\(stem).json", bytes: FreqtradeStatistics(result, manifest, end: end).bytes),
      File(name: "\(stem).meta.json", bytes: Self.metadata(result, manifest, end: end)),
      File(
        name: ".last_result.json",
        bytes: Self.json { $0.member("latest_backtest", "\(stem).json") }),
    ]
  }

  private static func metadata(
    _ result: RunResult, _ manifest: Manifest, end: Timestamp
  ) -> [UInt8] {
    json { json in
      json.key(manifest.strategy)
      json.beginObject()
      json.member("run_id", runID(manifest))
      json.member("backtest_start_time", end.nanoseconds / 1_000_000_000)
      json.member("timeframe", FreqtradeText.timeframe(result.interval))
      json.member("timeframe_detail", nil as String?)
      json.member(
        "backtest_start_ts", (result.candles.first?.start ?? end).nanoseconds / 1_000_000_000)
      json.member("backtest_end_ts", end.nanoseconds / 1_000_000_000)
      json.endObject()
    }
  }

  /// 40 digits that differ where anything in the manifest does; freqtrade's are a SHA-1 of its own.
  private static func runID(_ manifest: Manifest) -> String {
    var json = JSONWriter()
    manifest.write(to: &json)
    return String(Digest.hexadecimal(of: json.bytes, .sha256).prefix(40))
  }

  private static func json(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject(.lines)
    members(&json)
    json.endObject()
    return json.bytes
  }
}
