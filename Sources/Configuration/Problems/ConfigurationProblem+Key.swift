import Strategy

extension ConfigurationProblem {
  /// The key at fault, in full where its section is known; `nil` where the complaint is of no key.
  public var key: String? {
    switch reason {
    case .duplicateKey(let key, _), .noValue(let key, _), .notOneValue(let key, _): key
    case .unknownKey(let key, let section, _): "\(section).\(key)"
    case .unknownSection(let name, _), .noKeys(let name, _): name
    case .value(let error): error.key
    case .noPairList, .noPairKeys, .noPairName, .duplicatePair, .unknownPair, .noCandles,
      .setOfPairs:
      "pairs"
    case .unknownPairKey(let key, _): "pairs.\(key)"
    case .severalSections(let key, _), .commonKey(let key), .secretInSet(let key): key
    case .unreadable, .tooLarge, .utf16, .notText, .tab, .syntax, .anchor, .alias, .tag, .tooDeep,
      .tooManyNodes, .secondDocument, .keyIsNoText, .noSections, .malformedSet:
      nil
    }
  }
}
