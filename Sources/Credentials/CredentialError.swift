package import Secrets

/// Why there are no credentials; it holds nothing of them.
package struct CredentialError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: Hashable, Sendable {
    /// No place has any.
    case nowhere(homeFile: String?)
    /// The file cannot be read, or others can.
    case file(SecretFileError)
    /// The file is no JSON object.
    case notJSON(line: Int, column: Int)
    /// A part is not there; of several, one is enough.
    case missing([String])
    /// The key is no key.
    case badKey(KeyDefect)
  }

  /// Where; `nil` where no place has any.
  package var source: CredentialSource?
  /// What is wrong.
  package var problem: Problem

  /// One line for the user.
  package var description: String { advice.map { "\(fact). \($0)" } ?? fact }

  /// What is wrong, without a full stop; of a key it says what to do as well.
  package var fact: String {
    let place = source.map { "\($0): " } ?? ""
    switch problem {
    case .nowhere: return "there are no credentials"
    case .file(let error): return error.fact
    case .notJSON(let line, let column):
      return "\(place)this is no JSON object (line \(line), column \(column))"
    case .missing(let names):
      return
        "\(place)\(names.joined(separator: ", or ")) \(names.count == 1 ? "is" : "are") missing"
        + (source == .environment ? "; set it, or unset the other CB_API_ variables" : "")
    case .badKey(let defect): return "\(place)\(defect)"
    }
  }

  /// What to do; `nil` where the fact says it.
  package var advice: String? {
    switch problem {
    case .nowhere(let homeFile):
      "Set CB_API_KEY and CB_API_SECRET, or exchange.key_file to the key file of Coinbase's "
        + "developer portal, or put that file at \(homeFile ?? "~/.coinbase_config.json")"
    case .file(let error): error.advice
    case .notJSON: "Is this the right file?"
    case .missing, .badKey: nil
    }
  }
}
