import Foundation
import Testing

@Suite("runner credentials")
struct CredentialsCommandTests {
  /// Without what the tester has set for work.
  private static let clean = ["CB_API_KEY": "", "CB_API_SECRET": "", "CB_API_PASSPHRASE": ""]

  private func check(
    _ words: [String] = [], in folder: borrowing TemporaryFolder,
    _ variables: [String: String] = [:]
  ) async throws -> Finished {
    let environment = Self.clean.merging(["HOME": folder.path("")]) { $1 }
      .merging(variables) { $1 }
    return try await RunnerProcess.run(
      ["credentials", "check"] + words, in: folder, environment: environment)
  }

  @Test func `it says source and kind and no secret`() async throws {
    let folder = try TemporaryFolder()
    let made = try await RunnerProcess.shell(
      """
      umask 077
      key=$(openssl ecparam -name prime256v1 -genkey -noout | sed 's/$/\\\\n/' | tr -d '\\n')
      printf '{"name": "organizations/a/apiKeys/1-2-abcd", "privateKey": "%s"}' "$key" > key.json
      printf 'exchange: {key_file: key.json}' > run.yaml
      """, in: folder)
    try #require(made.code == 0, "\(made.errors)")
    let file = try await check(["-c", "run.yaml"], in: folder)
    #expect(
      file.outputText
        == """
        source  key.json (exchange.key_file)
        key     ES256, for Advanced Trade
        name    …abcd

        """, "\(file.errors)")
    let variables = [
      "CB_API_KEY": "0123456789abcdef", "CB_API_SECRET": "c3dvcmRmaXNo",
      "CB_API_PASSPHRASE": "pass-sword",
    ]
    for words in [[], ["--json", "-"], ["--log-level", "trace"]] {
      let run = try await check(["-c", "run.yaml"] + words, in: folder, variables)
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.outputText.contains("HMAC"))
      for secret in ["c3dvcmRmaXNo", "pass-sword", "0123456789abcdef"] {
        #expect(!(run.outputText + run.errors).contains(secret))
      }
    }
    let json = try await check(["--json", "-"], in: folder, variables)
    let object = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
    #expect(object?["source"] as? String == "environment")
    #expect(object?["kind"] as? String == "HMAC")
    #expect(object?["file"] is NSNull)
  }

  @Test func `none, and those of others, are errors of the configuration`() async throws {
    let folder = try TemporaryFolder()
    let none = try await check(in: folder)
    #expect(none.code == 4)
    #expect(none.errors.contains("runner: there are no credentials. Set CB_API_KEY"))
    try folder.write("{}", to: ".coinbase_config.json")
    chmod(folder.path(".coinbase_config.json"), 0o644)
    let open = try await check(in: folder)
    #expect(open.code == 4)
    #expect(open.errors.contains("Run: chmod 600"))
    #expect(open.outputText == "")
  }
}
