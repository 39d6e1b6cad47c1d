import Configuration
import Glibc
import JSON
import Market
import Persistence
import Reporting
import Simulator

/// The database that `--db FILE` keeps a run in.
struct RunStore {
  /// Keeps the run while it is played.
  let keeper: RunKeeper

  /// Makes the store of a run, or goes on with it where it was left.
  ///
  /// - Parameters:
  ///   - path: The database; made where it is not there.
  ///   - kind: A backtest keeps what changed something, paper everything, each event before what came of
  ///     it is carried out.
  ///   - manifest: What the run is made from.
  ///   - settings: The same as settings.
  ///   - program: Who writes it.
  ///   - log: Whom the password is hidden from.
  /// - Throws: `StoreError.Problem.otherRun` where the database is of another run, `SQLiteError`,
  ///   `WriterLockError`.
  init(
    _ path: String, _ kind: RunRow.Kind, _ manifest: RecordedManifest, _ settings: Settings,
    _ program: Program, _ log: CommandLog
  ) throws {
    let key = try DatabasePassword.current(settings.persistence)
    if let key { log.hide(key) }
    let location = Store.Location(
      path: path, key: key, synchronous: kind == .backtest ? .off : .normal)
    FileFaults.explainLostMemory(of: path, program.name)
    let pairs = settings.pairs.isEmpty ? [settings.common] : settings.pairs
    let store = try Store.openOrCreate(
      at: location,
      run: RunRow(
        kind: kind, session: 0, strategy: settings.strategyName, manifest: manifest.document,
        keeping: kind == .backtest ? .changes : .all, cash: settings.simulation.cash),
      pairs: pairs.map(PairRow.init))
    try Self.check(store, isOf: kind, manifest, at: path)
    try store.noteStart(pid: getpid(), version: program.identity.version, at: .now)
    keeper = try RunKeeper(store)
  }

  /// Refuses a store of another run.
  ///
  /// - Throws: `StoreError.Problem.otherRun`.
  static func check(
    _ store: Store, isOf kind: RunRow.Kind, _ manifest: RecordedManifest, at path: String
  ) throws {
    guard store.run.kind == kind else {
      throw StoreError(
        path: path,
        problem: .otherRun("it is of \(store.run.kind.rawValue), this run of \(kind.rawValue)"))
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
