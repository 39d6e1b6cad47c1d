import JSON

/// Writes a `Codable` value into a box.
struct StateEncoder: Encoder {
  let box: StateBox
  var codingPath: [any CodingKey] = []
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    box.beginObject()
    return KeyedEncodingContainer(KeyedStateEncoding(box: box, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    box.beginArray()
    return UnkeyedStateEncoding(box: box, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleStateEncoding(box: box, codingPath: codingPath)
  }
}

/// What all three kinds of container write the same way.
private protocol StateEncodingContainer {
  /// A box for the next value.
  mutating func next() -> StateBox
  var codingPath: [any CodingKey] { get }
}

extension StateEncodingContainer {
  mutating func put(_ scalar: JSONTree) { next().put(scalar) }
  mutating func putNumber(_ number: some FixedWidthInteger) { put(.number(String(number))) }
  mutating func put(_ value: some Encodable) throws {
    try value.encode(to: StateEncoder(box: next(), codingPath: codingPath))
  }
}

private struct SingleStateEncoding: SingleValueEncodingContainer, StateEncodingContainer {
  let box: StateBox
  var codingPath: [any CodingKey]

  mutating func next() -> StateBox { box }
  mutating func encodeNil() { put(.null) }
  mutating func encode(_ value: Bool) { put(.bool(value)) }
  mutating func encode(_ value: String) { put(.string(value)) }
  mutating func encode(_ value: Double) { put(.double(value)) }
  mutating func encode(_ value: Float) { put(.double(Double(value))) }
  mutating func encode(_ value: Int) { putNumber(value) }
  mutating func encode(_ value: Int8) { putNumber(value) }
  mutating func encode(_ value: Int16) { putNumber(value) }
  mutating func encode(_ value: Int32) { putNumber(value) }
  mutating func encode(_ value: Int64) { putNumber(value) }
  mutating func encode(_ value: Int128) { putNumber(value) }
  mutating func encode(_ value: UInt) { putNumber(value) }
  mutating func encode(_ value: UInt8) { putNumber(value) }
  mutating func encode(_ value: UInt16) { putNumber(value) }
  mutating func encode(_ value: UInt32) { putNumber(value) }
  mutating func encode(_ value: UInt64) { putNumber(value) }
  mutating func encode(_ value: UInt128) { putNumber(value) }
  mutating func encode(_ value: some Encodable) throws { try put(value) }
}

private struct UnkeyedStateEncoding: UnkeyedEncodingContainer, StateEncodingContainer {
  let box: StateBox
  var codingPath: [any CodingKey]
  var count: Int { box.count }

  mutating func next() -> StateBox {
    let element = StateBox()
    box.append(element)
    return element
  }

  mutating func encodeNil() { put(.null) }
  // Numbers and strings know how to write themselves into a single-value container; these two throw
  // unless they are written out.
  mutating func encode(_ value: Int128) { putNumber(value) }
  mutating func encode(_ value: UInt128) { putNumber(value) }
  mutating func encode(_ value: some Encodable) throws { try put(value) }

  mutating func nestedContainer<Key: CodingKey>(
    keyedBy type: Key.Type
  ) -> KeyedEncodingContainer<Key> {
    StateEncoder(box: next(), codingPath: codingPath).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    StateEncoder(box: next(), codingPath: codingPath).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    StateEncoder(box: next(), codingPath: codingPath)
  }
}

private struct KeyedStateEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let box: StateBox
  var codingPath: [any CodingKey]

  private func member(_ key: any CodingKey) -> StateEncoder {
    let value = StateBox()
    box.set(key.stringValue, value)
    return StateEncoder(box: value, codingPath: codingPath + [key])
  }

  // These two throw unless they are written out; the others come through the generic one.
  mutating func encode(_ value: Int128, forKey key: Key) {
    member(key).box.put(.number(String(value)))
  }
  mutating func encode(_ value: UInt128, forKey key: Key) {
    member(key).box.put(.number(String(value)))
  }
  mutating func encodeNil(forKey key: Key) { member(key).box.put(.null) }
  mutating func encode(_ value: some Encodable, forKey key: Key) throws {
    try value.encode(to: member(key))
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    member(key).container(keyedBy: keyType)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    member(key).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { member(SuperKey()) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { member(key) }
}

/// The key under which a superclass writes itself.
struct SuperKey: CodingKey {
  var stringValue: String { "super" }
  var intValue: Int? { nil }

  init() {}
  init?(stringValue: String) {
    if stringValue != "super" { return nil }
  }
  init?(intValue: Int) { nil }
}
