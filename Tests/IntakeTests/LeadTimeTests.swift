import Testing

@testable import Intake

@Suite struct LeadTimeTests {
  private func read(_ text: String) -> Int64? {
    try? LeadTime.milliseconds(text, column: "reported_at")
  }

  private func refusal(_ text: String) -> RowRefusal? {
    do throws(RowRefusal) {
      _ = try LeadTime.milliseconds(text, column: "reported_at")
      return nil
    } catch { return error }
  }

  @Test func `known instants are read from every form`() {
    // Instants computed with another calendar library.
    #expect(read("2019/2/28 11:25:05") == 1_551_324_305_000)
    #expect(read("2019-02-28 11:25:05") == 1_551_324_305_000)
    #expect(read("2019-02-28T11:25:05+08:00") == 1_551_324_305_000)
    #expect(read("2019-02-28T03:25:05Z") == 1_551_324_305_000)
    #expect(read("2019-02-27T22:25:05.250-0500") == 1_551_324_305_250)
    #expect(read("2019年2月28日 11:25:05") == 1_551_324_305_000)
    #expect(read("2019年02月28日11：25：05") == 1_551_324_305_000)
    #expect(read("2019/2/28 11:25") == 1_551_324_300_000)
    #expect(read("2019/2/28") == 1_551_283_200_000)
    #expect(read("2100-12-31 23:59:59") == 4_133_951_999_000)
    #expect(read("1992-01-01T00:00:00Z") == 694_224_000_000)
  }

  @Test func `a spreadsheet serial is the same instant as its date`() {
    // 43524 is 2019-02-28, as a spreadsheet shows it.
    #expect(read("43524") == read("2019/2/28"))
    #expect(read("43524.5") == read("2019/2/28 12:00"))
    #expect(read("43524.475752314815") == read("2019/2/28 11:25:05"))
    #expect(read("43782.47") == read("2019/11/13 11:16:48"))
    #expect(read("43524.99999999999") == read("2019/3/1"))
    #expect(refusal("60")?.code == .badTime)
    #expect(refusal("59")?.code == .timeOutOfRange)
    #expect(refusal("0")?.code == .badTime)
  }

  @Test func `every day from 1992 to 2100 agrees with counting days one by one`() {
    var (year, month, day) = (1900, 1, 1)
    // 1900-01-01 lies 25,567 days before 1970: 70 years with 17 leap days (1900 is none).
    var days = -(70 * 365 + 17)
    var serial = 1
    var checked = 0
    while year <= 2100 {
      if year >= 1992 {
        let expected = Int64(days) * 86_400_000 - 8 * 3_600_000
        if read("\(year)/\(month)/\(day)") != expected || read(String(serial)) != expected {
          Issue.record("\(year)/\(month)/\(day), serial \(serial), should be \(expected)")
        }
        checked += 1
      }
      days += 1
      serial += 1
      // The day that spreadsheets count and the calendar does not have.
      if serial == 60 { serial = 61 }
      day += 1
      let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(checked == 109 * 365 + 27)
  }

  @Test func `every minute of a day and every second of a minute is read`() {
    let midnight = 1_551_283_200_000 as Int64
    for minute in 0..<1440 {
      let text = "2019/2/28 \(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60)"
      #expect(read(text) == midnight + Int64(minute) * 60_000)
    }
    for second in 0..<60 {
      let text = "2019/2/28 0:00:\(second < 10 ? "0" : "")\(second)"
      #expect(read(text) == midnight + Int64(second) * 1000)
    }
  }

  @Test(arguments: [
    "2019/2/30", "2019/2/29", "2100/2/29", "2019/13/1", "2019/0/1", "2019/1/0", "2019/4/31",
    "2019/2/28 25:00", "2019/2/28 24:00", "2019/2/28 11:60", "2019/2/28 11:25:60", "2019/2-28",
    "2019/2/28 ", "2019/2/28 11", "2019/2/28 11:25 PM", "2019/2/2811:25", "28/2/2019", "19/2/28",
    "2019-02-28T11:25:05+8", "2019-02-28T11:25:05+15:00", "2019-02-28T11:25:05+08:", "20190228",
    "43782.", "43782,47", "4.3782E4", "-43782", "nan", "", "昨天", "2019/2/28 11:25:05.", "２０１９/2/28",
  ]) func `what is no time is refused with the text and the cure`(text: String) {
    #expect(refusal(text)?.code == .badTime)
    #expect(refusal(text)?.reason.en.contains("'\(text)'") == true)
    #expect(refusal(text)?.reason.zh.contains("'\(text)'") == true)
  }

  @Test func `times without a zone before 1992 and implausible years are refused`() {
    #expect(refusal("1991-12-31 23:59:59")?.code == .timeBefore1992)
    #expect(refusal("33603")?.code == .timeBefore1992)
    #expect(read("33604") == read("1992/1/1"))
    #expect(read("1991-07-01T12:00:00+09:00") == 678_337_200_000)
    #expect(refusal("1989-12-31T23:59:59Z")?.code == .timeOutOfRange)
    #expect(refusal("2101-01-01")?.code == .timeOutOfRange)
    #expect(refusal("2019")?.code == .timeOutOfRange)
    #expect(refusal("999999")?.code == .timeOutOfRange)
  }
}
