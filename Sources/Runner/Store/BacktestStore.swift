import Configuration
import Glibc
import JSON
import Market
import Persistence
import Reporting
import Secrets
import Simulator

/// The database that `backtest --db FILE` keeps its run in.
struct BacktestStore {
  /// Keeps the run while it is played.
  let keeper: RunKeeper
  private let path: String

  /// Makes the store of a run, or goes on with it where it was left.
  ///
  /// - Parameters:
  ///   - path: The database; made where it is not there.
  ///   - key: The password of an encrypted one.
  ///   - manifest: What the run is made from.
  ///   - settings: The same as settings.
  ///   - program: Who writes it.
  /// - Throws: `StoreError.Problem.otherRun` where the database is of another run, `SQLiteError`,
  ///   `WriterLockError`.
  init(
    _ path: String, key: Secret?, _ manifest: RecordedManifest, _ settings: Settings,
    _ program: Program
  ) throws {
    self.path = path
    let location = Store.Location(path: path, key: key, synchronous: .normal)
    let store: Store
    if location.exists, FileIdentity.size(of: path) != 0 {
      store = try Store.open(at: location)
      try Self.check(store, isOf: manifest, at: path)
    } else {
      let pairs = settings.pairs.isEmpty ? [settings.common] : settings.pairs
      store = try Store.create(
        at: location,
        run: RunRow(
          kind: .backtest, session: 0, strategy: settings.strategyName,
          manifest: manifest.document, keeping: .changes, cash: settings.simulation.cash),
        pairs: pairs.map(PairRow.init))
    }
    try store.noteStart(pid: getpid(), version: program.identity.version, at: .now)
    keeper = try RunKeeper(store)
  }

  private static func check(
    _ store: Store, isOf manifest: RecordedManifest, at path: String
  ) throws {
    guard store.run.kind == .backtest else {
      throw StoreError(
        path: path, problem: .otherRun("it is of a \(store.run.kind.rawValue) session"))
    }
    let document = try JSONValue(parsing: Array(store.run.manifest.utf8))
    let recorded = try RecordedManifest(of: document)
    if let difference = recorded.difference(from: manifest) {
      throw StoreError(path: path, problem: .otherRun(difference))
    }
  }

  /// Makes the run complete.
  ///
  /// - Throws: What `RunKeeper.finish` throws.
  func finish(_ result: RunResult) throws {
    let points = EquityCurve(result).lazy.map { AccountPoint(time: $0.time, equity: $0.equity) }
    try keeper.finish(curve: points, at: .now)
  }

  /// Makes the run complete.
  ///
  /// - Throws: What `RunKeeper.finish` throws.
  func finish(_ result: PortfolioResult) throws {
    let points = PortfolioCurve(result).lazy.map { AccountPoint(time: $0.time, equity: $0.equity) }
    try keeper.finish(curve: points, at: .now)
  }
}

extension PairRow {
  init(_ pair: PairSettings) {
    self.init(
      product: pair.name, group: pair.group, quoteIncrement: pair.product.quoteIncrement,
      baseIncrement: pair.product.baseIncrement, interval: pair.simulation.interval,
      positionSize: pair.positionSize)
  }
}

extension Timestamp {
  /// The time of the wall clock.
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
