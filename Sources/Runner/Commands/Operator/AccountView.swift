import Market
import Persistence
import Reporting

/// The account of a run at one moment, with the figures that the `portfolio` commands share.
struct AccountView {
  let standing: AccountStanding
  let open: [StoredPosition]
  let closed: [StoredPosition]
  /// What each pair has won or lost.
  let profits: [ProfitAndLoss]
  let exposures: Exposures
  let groups: [CorrelationGroup]
  /// The setting, in percent of equity; `nil` where it is off.
  let groupLimit: Money?
  /// How far each pair is from its position_size; none where equity is not above 0.
  let drifts: [Drift]
  /// The setting, as a fraction; `nil` where it is off.
  let threshold: Double?

  init(_ run: Watched) throws {
    let store = run.store
    open = try store.positions(.open)
    closed = try store.positions(.over)
    standing = try store.standing(open, try store.orders(.open))
    var profits = store.pairs.map { _ in ProfitAndLoss.zero }
    for position in open + closed {
      profits[position.pair].realised += position.realised ?? .zero
      profits[position.pair].unrealised += position.unrealised ?? .zero
    }
    self.profits = profits
    exposures = Exposures(
      time: standing.time, equity: standing.equity, positions: standing.positions,
      entries: standing.entries)
    groups = CorrelationGroup.all(of: store.pairs.map { ($0.product, $0.group) })
    groupLimit = try run.setting("portfolio.max_correlated_exposure_pct").map { try Money($0) }
    let threshold = try run.setting("portfolio.rebalance_threshold_pct").flatMap(Double.init).map {
      $0 / 100
    }
    self.threshold = threshold
    drifts = store.pairs.indices.compactMap { [standing] pair in
      Drift(
        pair: pair, worth: standing.positions[pair], equity: standing.equity,
        target: store.pairs[pair].positionSize.double, threshold: threshold)
    }
  }

  /// What all pairs have won or lost.
  var profit: ProfitAndLoss { profits.reduce(.zero, +) }

  /// What a pair has at stake.
  func exposure(of pair: Int) -> Money { exposures.positions[pair] + exposures.entries[pair] }

  /// An amount as a share of equity; `nil` where equity is not above 0.
  func share(_ amount: Money) -> Double? {
    standing.equity > .zero ? amount.double / standing.equity.double : nil
  }

  /// What all have at stake.
  var exposure: Money { profits.indices.reduce(.zero) { $0 + exposure(of: $1) } }

  /// What all positions, open and closed, have cost in fees.
  var fees: Money { (open + closed).reduce(.zero) { $0 + $1.row.fees } }

  /// The pair that has most at stake, the first of equals; `nil` where none has any.
  var largest: Int? {
    let most = profits.indices.map(exposure).max() ?? .zero
    return most > .zero ? profits.indices.first { exposure(of: $0) == most } : nil
  }
}
