import Testing

@testable import Ledger

/// Hashes as keys: a peer chooses those that it names as parents.
@Suite struct HashTests {
  @Test(arguments: 0..<4)
  func `hashes that differ in one quarter alone do not meet in a table`(_ quarter: Int) {
    let count = 4_096
    var bytes = [UInt8](repeating: 7, count: Hash.byteCount)
    let values = (0..<count).map { number in
      bytes[quarter * 8] = UInt8(number & 255)
      bytes[quarter * 8 + 7] = UInt8(number >> 8)
      return Hash(bytes)?.hashValue
    }
    // Random 64-bit values meet once in two trillion times.
    #expect(Set(values).count == count)
  }
}
