import Configuration
import Persistence
import Reporting
import Simulator

/// What the store of a session says that it is of.
enum SessionRecord {
  /// What a session is made from; its candles come from an exchange.
  ///
  /// - Parameters:
  ///   - settings: All of it but for the candles.
  ///   - place: The exchange, as a message calls it.
  ///   - program: Who trades.
  /// - Returns: As the store keeps it.
  static func manifest(
    of settings: Settings, at place: String, by program: Program
  ) -> RecordedManifest {
    let data = Manifest.DataFile(path: place, bytes: nil, sha256: nil)
    guard !settings.pairs.isEmpty else {
      return .one(
        Manifest(
          program: program.identity, data: data,
          settings: settings.common.ofRun.map(RunResult.Setting.init)))
    }
    return .several(
      PortfolioManifest(
        program: program.identity,
        pairs: settings.pairs.map {
          PortfolioManifest.Pair(
            name: $0.name, data: data, settings: $0.own.map(RunResult.Setting.init))
        }, reading: Manifest.Reading(), timeRange: nil,
        settings: settings.ofRun.map(RunResult.Setting.init)))
  }

  /// Sees to it that a store is of a session on an exchange of this name.
  ///
  /// - Throws: `StoreError.Problem.otherRun`.
  static func require(_ store: Store, isFrom place: String, _ path: String) throws {
    let recorded = try RunStore.manifest(of: store).inputs.first?.data.path
    guard recorded == place else {
      throw StoreError(
        path: path,
        problem: .otherRun("it is of a session on \(recorded ?? "?"), this one is on \(place)"))
    }
  }
}
