import Network

/// What a request is about, as far as the door needs to know.
struct RequestKind: Hashable, Sendable {
  /// Whose limit a request counts against.
  enum Group: Hashable, Sendable {
    /// By address; there is only this machine's.
    case publicData
    /// By key.
    case privateData
    /// By key, of the Exchange alone.
    case fills
  }

  var api: Visitor.API
  var need: KeyPermissions.Need
  var group: Group

  /// Tells it from method and path; a path that nobody knows is not let in without a key either.
  init(_ request: HTTPRequest) {
    let parts = request.path.split(separator: "/").map(String.init)
    let writes = request.method != .get && request.method != .head
    if parts.starts(with: ["api", "v3", "brokerage"]) {
      api = .advanced
      let name = parts.dropFirst(3).first ?? ""
      let isPublic = name == "market" || name == "time"
      // A preview places nothing.
      let isPreview = parts.dropFirst(3).elementsEqual(["orders", "preview"])
      need = isPublic ? .nothing : writes && !isPreview ? .trade : .view
    } else if parts.first == "v2" {
      // ccxt asks the older API for currencies and rates, and for the accounts.
      api = .advanced
      need = parts.dropFirst().first == "accounts" ? .view : .nothing
    } else {
      api = .exchange
      let isPublic = ["time", "products", "currencies"].contains(parts.first ?? "")
      need = isPublic ? .nothing : writes ? .trade : .view
    }
    group =
      need == .nothing
      ? .publicData : api == .exchange && parts.first == "fills" ? .fills : .privateData
  }
}
