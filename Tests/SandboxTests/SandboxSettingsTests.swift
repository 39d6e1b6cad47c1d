import Configuration
import Market
import Matching
import Sandbox
import Strategy
import Testing

@Suite("A sandbox as it is configured")
struct SandboxSettingsTests {
  private func settings(
    _ sets: String..., pairs: [String] = [], pace: SandboxSettings.Pace = .lockstep
  ) throws -> SandboxSettings {
    SandboxSettings(
      try Settings(
        sets: sets, pairs: pairs, strategies: [StrategyKeys(ConfluenceStrategy.self)]),
      pace: pace, seed: 7)
  }

  @Test func `its market is that of the simulation`() throws {
    let settings = try settings(
      "simulation.taker_rate=0.01", "simulation.path=low-first", "product.id=ETH-EUR",
      "product.base_increment=0.001", "simulation.interval=900")
    #expect(settings.listings.map(\.product.id) == ["ETH-EUR"])
    #expect(settings.listings[0].product.baseIncrement == (try Quantity("0.001")))
    #expect(settings.listings[0].model.takerRate == (try Rate("0.01")))
    #expect(settings.listings[0].model.path == .lowFirst)
    #expect(settings.interval == TimeSpan(seconds: 900))
    #expect(settings.seed == 7)
  }

  @Test func `each pair has what is its own`() throws {
    let settings = try settings(
      "ETH-USD:simulation.maker_rate=0.001", pairs: ["BTC-USD", "ETH-USD"])
    #expect(settings.listings.map(\.product.id) == ["BTC-USD", "ETH-USD"])
    #expect(
      settings.listings.map(\.model.makerRate) == [try Rate("0.005"), try Rate("0.001")])
  }

  @Test func `balances come on top of the cash`() throws {
    let settings = try settings(
      "simulation.cash=500", "sandbox.balances=0.25 BTC, 1 USD, 3 USDC")
    #expect(settings.balances == ["USD": 501, "BTC": try Money("0.25"), "USDC": 3])
  }

  @Test func `minimums and limits are as they are told`() throws {
    #expect(try !settings().enforcesExitMinimums)
    #expect(try settings("sandbox.enforce_exit_minimums=true").enforcesExitMinimums)
    #expect(try !settings().limitsRequests)
    #expect(try settings(pace: .speed(60)).limitsRequests)
    #expect(try settings("sandbox.rate_limits=on").limitsRequests)
    #expect(try !settings("sandbox.rate_limits=off", pace: .speed(60)).limitsRequests)
  }
}
