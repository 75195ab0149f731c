extension SQLRow {
  /// The largest number of entries, sequence or time that a store keeps: room to add remains.
  static let largestNumber: Int64 = 1 << 62

  /// The column as a number that cannot be negative.
  ///
  /// - Throws: `StoreError` of code damaged for a number out of range.
  func exactly<Number: FixedWidthInteger & UnsignedInteger>(
    _ column: Int32, as type: Number.Type = Number.self
  ) throws -> Number {
    let stored = integer(column)
    guard stored <= Self.largestNumber, let number = Number(exactly: stored) else {
      throw StoreError(
        .damaged, "a stored number, \(stored), is out of range; run `liandong verify`")
    }
    return number
  }
}
