/// Pairs go when they are flat.
///
/// A pair's number is its place in the order of registration and stands in the ids of its orders. So
/// the pairs behind one that goes keep theirs, and the number is not given again: who comes back is
/// registered anew, behind all others.
extension Portfolio {
  /// A pair is to go: no entry of it is approved any more.
  ///
  /// What it holds is left to its exits.
  public mutating func requestRemoval(of pair: Int) {
    if pairs[pair].membership == .registered { pairs[pair].membership = .leaving }
  }

  /// Whether a pair that is to go can: it has no position and no working entry.
  public func isRemovable(_ pair: Int) -> Bool {
    pairs[pair].membership == .leaving && !pairs[pair].isActive
  }

  /// Lets a pair go that can; its events must not come any more.
  public mutating func remove(_ pair: Int) {
    precondition(
      isRemovable(pair), "pair \(pair) can go once its removal was requested and it is flat")
    pairs[pair].membership = .removed
  }
}
