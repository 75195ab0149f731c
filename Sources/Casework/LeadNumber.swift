/// The number of a lead (线索编号) as it is told on the phone: `RRRR-I-NNNNNN-C`.
///
/// RRRR is the permanent number of the region that made it, I the incarnation of its node, N the
/// serial within that incarnation, and C a check digit by ISO/IEC 7064 MOD 11,10, which catches every
/// single wrong digit and nearly every swap of neighbours. A node makes numbers without asking
/// anybody, and a restored one cannot make an old number again.
package struct LeadNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// 1 to 9999.
  package let region: Int
  /// 1 to 9999.
  package let incarnation: Int
  /// 1 to 999,999.
  package let serial: Int

  private static let regionDigits = 4
  private static let serialDigits = 6
  private static let incarnationLimit = 9999

  /// `nil` for a part out of range.
  package init?(region: Int, incarnation: Int, serial: Int) {
    guard (1...9999).contains(region), (1...Self.incarnationLimit).contains(incarnation),
      (1...999_999).contains(serial)
    else { return nil }
    self.region = region
    self.incarnation = incarnation
    self.serial = serial
  }

  /// Why a text is not a lead number, and which part is wrong.
  package struct Fault: Error, Hashable, Sendable {
    package enum Part: String, Sendable {
      case length, character, region, incarnation, serial, check
    }

    package let part: Part
    package let chinese: String
    package let english: String
  }

  /// Reads a number as people write it: full-width digits, spaces and any dashes are taken, and
  /// hyphens may be missing, since the parts then follow from the number of digits.
  package init(parsing text: some StringProtocol) throws(Fault) {
    let groups = try Self.groups(of: String(text))
    let digits = groups.flatMap { $0 }
    let fixed = Self.regionDigits + Self.serialDigits + 1
    guard digits.count > fixed else {
      throw Fault(
        part: .length, chinese: "编号位数不足，应形如 0123-1-000456-7，请补全",
        english: "too few digits: a lead number looks like 0123-1-000456-7")
    }
    guard digits.count <= fixed + 4 else {
      throw Fault(
        part: .length, chinese: "编号位数过多，应形如 0123-1-000456-7，请核对",
        english: "too many digits: a lead number looks like 0123-1-000456-7")
    }
    let incarnationDigits = digits.count - fixed
    try Self.check(groups.map(\.count), incarnationDigits: incarnationDigits)
    guard Self.checkDigit(of: digits.dropLast()) == digits.last else {
      throw Fault(
        part: .check, chinese: "校验位不符，编号中有一位听错或写错，请对方重报",
        english: "the check digit does not fit: a digit was misheard, ask for the number again")
    }
    let serialStart = Self.regionDigits + incarnationDigits
    func number(_ digits: ArraySlice<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }
    self.region = number(digits[..<Self.regionDigits])
    self.incarnation = number(digits[Self.regionDigits..<serialStart])
    self.serial = number(digits[serialStart..<(digits.count - 1)])
    for (part, chinese, value) in [
      (Fault.Part.region, "区域号", region), (.serial, "序号", serial),
    ] where value == 0 {
      throw Fault(
        part: part, chinese: "\(chinese)不能为零，请核对",
        english: "the \(part.rawValue) cannot be zero: check the number")
    }
    guard incarnation > 0, digits[Self.regionDigits] != 0 else {
      throw Fault(
        part: .incarnation, chinese: "第二段不能以零开头，请核对",
        english: "the second part cannot begin with zero: check the number")
    }
  }

  /// Digits between hyphens; one group where there are none.
  private static func groups(of text: String) throws(Fault) -> [[Int]] {
    var groups: [[Int]] = [[]]
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x30...0x39: groups[groups.count - 1].append(Int(scalar.value - 0x30))
      case 0xFF10...0xFF19: groups[groups.count - 1].append(Int(scalar.value - 0xFF10))
      case 0x2D, 0x2010...0x2015, 0x2212, 0x30FC, 0xFF0D: groups.append([])
      case 0x09, 0x20, 0xA0, 0x3000: continue
      default:
        throw Fault(
          part: .character, chinese: "编号只含数字和连字符，“\(scalar)”不是，请改正",
          english: "a lead number holds digits and hyphens only: take out '\(scalar)'")
      }
    }
    return groups
  }

  /// Four groups must have the lengths that the digits together imply; any other count of hyphens
  /// tells nothing and is let pass.
  private static func check(_ lengths: [Int], incarnationDigits: Int) throws(Fault) {
    guard lengths.count == 4 else { return }
    let wanted: [(Fault.Part, String, Int)] = [
      (.region, "第一段应为四位", regionDigits), (.incarnation, "第二段位数不对", incarnationDigits),
      (.serial, "第三段应为六位", serialDigits), (.check, "末段应为一位校验位", 1),
    ]
    for (found, (part, chinese, length)) in zip(lengths, wanted) where found != length {
      throw Fault(
        part: part, chinese: "\(chinese)，请核对",
        english: "the \(part.rawValue) part has \(found) digits, not \(length): check the number")
    }
  }

  /// ISO/IEC 7064 MOD 11,10.
  static func checkDigit(of digits: some Collection<Int>) -> Int {
    var product = 10
    for digit in digits {
      let sum = (product + digit) % 10
      product = (sum == 0 ? 10 : sum) * 2 % 11
    }
    return (11 - product) % 10
  }

  package var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let (region, serial) = (padded(region, Self.regionDigits), padded(serial, Self.serialDigits))
    let digits = "\(region)\(incarnation)\(serial)".compactMap(\.wholeNumberValue)
    return "\(region)-\(incarnation)-\(serial)-\(Self.checkDigit(of: digits))"
  }

  package static func < (a: LeadNumber, b: LeadNumber) -> Bool {
    (a.region, a.incarnation, a.serial) < (b.region, b.incarnation, b.serial)
  }
}
