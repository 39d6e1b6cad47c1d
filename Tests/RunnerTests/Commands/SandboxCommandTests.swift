import Foundation
import Sandbox
import Simulator
import Testing

@testable import Runner

@Suite("runner sandbox")
struct SandboxCommandTests {
  @Test(
    "It says where it serves, writes keys for clients, and ends when told to",
    arguments: ["TERM", "INT"])
  func serves(signal: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: "candles.csv")
    let finished = try await RunnerProcess.bash(
      """
      set -m  # What a shell starts in the background is deaf to Ctrl-C otherwise.
      mkfifo pipe
      "$RUNNER" sandbox --csv BTC-USD=candles.csv --speed lockstep --credentials keys \
        >pipe 2>errors & pid=$!
      read -r line <pipe
      echo "$line" | sed 's/[0-9]*$/PORT/'
      ls keys
      grep -c "${line#ready }" keys/urls.json
      kill -\(signal) $pid
      wait $pid
      echo "ended with $?"
      cat errors
      """, in: folder)
    #expect(
      finished.outputText == """
        ready https://127.0.0.1:PORT
        advanced-ed25519.json
        advanced-es256.json
        ca.pem
        exchange.json
        urls.json
        1
        ended with 0

        """)
  }

  @Test func `a fault of a currency that it does not have is one of the configuration`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "faults: [{kind: balance_moved, at: 1h, currency: XRP}]\n", to: "faults.yaml")
    let program = Program(strategies: StrategyEntry.builtIn)
    let faults = ["--faults", folder.path("faults.yaml")]
    let serving = try Invocation(
      faults + ["--csv", "candles.csv"], options: SandboxArguments.options, operandNames: [])
    let error = #expect(throws: FaultPlanError.self) {
      _ = try SandboxArguments(program, serving)
    }
    #expect(error.map { ExitCode(of: $0) } == .configuration)
    let trading = try Invocation(
      faults + ["--sandbox", "candles.csv", "--db", "run.db"], options: LiveArguments.options,
      operandNames: [])
    for isPaper in [false, true] {
      #expect(throws: FaultPlanError.self) {
        _ = try LiveArguments(program, trading, isPaper: isPaper)
      }
    }
  }
}
