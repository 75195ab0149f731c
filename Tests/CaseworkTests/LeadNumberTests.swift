import Testing

@testable import Casework

struct LeadNumberTests {
  @Test func checkDigitIsThatOfTheStandardsWorkedExample() {
    // ISO/IEC 7064's hybrid system MOD 11,10: 0794 takes the check digit 5.
    #expect(LeadNumber.checkDigit(of: [0, 7, 9, 4]) == 5)
  }

  @Test func numberReadsBackAsWritten() throws {
    for (region, incarnation, serial) in [(1, 1, 1), (123, 4, 567_890), (9999, 9999, 999_999)] {
      let number = try #require(
        LeadNumber(region: region, incarnation: incarnation, serial: serial))
      #expect(try LeadNumber(parsing: number.description) == number)
    }
    #expect(LeadNumber(region: 0, incarnation: 1, serial: 1) == nil)
    #expect(LeadNumber(region: 1, incarnation: 10_000, serial: 1) == nil)
    #expect(LeadNumber(region: 1, incarnation: 1, serial: 1_000_000) == nil)
  }

  @Test func fullWidthDigitsSpacesAndMissingHyphensAreTaken() throws {
    let number = try #require(LeadNumber(region: 123, incarnation: 1, serial: 456))
    let plain = number.description
    let wide = String(
      String.UnicodeScalarView(
        plain.unicodeScalars.compactMap {
          (48...57).contains($0.value) ? Unicode.Scalar($0.value + 0xFEE0) : $0
        }))
    let texts = [
      plain.replacing("-", with: ""), plain.replacing("-", with: " "), " \(plain)　", wide,
      plain.replacing("-", with: "－"), plain.replacing("-", with: "—"),
    ]
    for text in texts { #expect(try LeadNumber(parsing: text) == number, "\(text)") }
  }

  @Test func everySingleWrongDigitIsCaught() throws {
    for number in try samples() {
      var digits = Array(number.description)
      for index in digits.indices where digits[index] != "-" {
        let right = digits[index]
        for wrong in "0123456789" where wrong != right {
          digits[index] = wrong
          #expect(throws: LeadNumber.Fault.self) { try LeadNumber(parsing: String(digits)) }
        }
        digits[index] = right
      }
    }
  }

  /// A hybrid system of modulus 10 cannot catch every swap; independent count over all pairs of
  /// neighbours of random numbers: far more than nine in ten are.
  @Test func nearlyEverySwapOfNeighboursIsCaught() throws {
    var (swaps, missed) = (0, 0)
    for number in try samples() {
      let digits = number.description.filter { $0 != "-" }
      for index in 0..<(digits.count - 1) {
        var swapped = Array(digits)
        swapped.swapAt(index, index + 1)
        guard String(swapped) != digits else { continue }
        swaps += 1
        if (try? LeadNumber(parsing: String(swapped))) != nil { missed += 1 }
      }
    }
    #expect(swaps > 2000)
    #expect(missed * 20 < swaps, "\(missed) of \(swaps) swaps were not caught")
  }

  @Test func faultNamesThePartThatIsWrong() throws {
    let good = try #require(LeadNumber(region: 123, incarnation: 1, serial: 456)).description
    let cases: [(String, LeadNumber.Fault.Part)] = [
      ("", .length), ("0123-1-000456", .length), ("0123-12345-000456-1", .length),
      ("0123-1-00O456-1", .character), (good.replacing("0123-", with: "123-0"), .region),
      ("0123-1-00045-67", .serial),
      (String(good.dropLast()) + (good.last == "1" ? "2" : "1"), .check),
      (withCheck("000010000011"), .region), (withCheck("00010000001"), .incarnation),
      (withCheck("00011000000"), .serial),
    ]
    for (text, part) in cases {
      let fault = #expect(throws: LeadNumber.Fault.self) { try LeadNumber(parsing: text) }
      #expect(fault?.part == part, "\(text)")
    }
  }

  private func withCheck(_ digits: String) -> String {
    digits + String(LeadNumber.checkDigit(of: digits.compactMap(\.wholeNumberValue)))
  }

  private func samples() throws -> [LeadNumber] {
    var numbers = SeededNumbers(seed: 7)
    return try (0..<300).map { _ in
      try #require(
        LeadNumber(
          region: .random(in: 1...9999, using: &numbers),
          incarnation: .random(in: 1...30, using: &numbers),
          serial: .random(in: 1...999_999, using: &numbers)))
    }
  }
}
