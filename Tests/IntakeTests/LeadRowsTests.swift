import Testing

@testable import Intake

@Suite struct LeadRowsTests {
  @Test func `a Chinese header maps every known column and keeps the rest`() throws {
    let text = """
      工单编号,来电时间,主题,诉求内容（必填）,地点,乡镇街道,污染类型,姓名,联系电话,被举报单位,文号,期限,纬度,经度,满意度,
      A1,2019/2/28 11:25:05,夜间异响,睡不好,东门外,甲镇,噪声、大气污染;异响,王某甲,10012345678,乙厂,某字1号,\
      2019/3/15,34.6,119.2,一般,杂项

      """
    let lead = try #require(leadRows(text).first?.lead)
    var expected = ImportedLead(
      reportedAtMilliseconds: 1_551_324_305_000, title: "夜间异响", body: "睡不好",
      types: ["air", "noise"], identityText: "source:hotline_12345:A1")
    expected.sourceID = "A1"
    expected.place = "东门外"
    expected.regionText = "甲镇"
    expected.reporterName = "王某甲"
    expected.reporterContact = "10012345678"
    expected.respondent = "乙厂"
    expected.sourceNumber = "某字1号"
    expected.deadlineMilliseconds = 1_552_579_200_000
    expected.latitude = 34.6
    expected.longitude = 119.2
    expected.extra = [
      .init(name: "污染类型", value: "异响"), .init(name: "满意度", value: "一般"),
      .init(name: "column 16", value: "杂项"),
    ]
    #expect(lead == expected)
  }

  @Test func `a second telephone column never slips into the extra fields`() throws {
    let rows = try leadRows(
      "举报时间,内容,电话,手机,地点,地址\n2019/2/28,气味,10000000001,10000000002,,河边\n2019/2/28,气味,,10000000003,甲,乙\n"
    )
    #expect(rows.first?.lead?.reporterContact == "10000000001 / 10000000002")
    #expect(rows.first?.lead?.place == "河边")
    #expect(rows.first?.lead?.extra == [])
    #expect(rows.last?.lead?.reporterContact == "10000000003")
    #expect(rows.last?.lead?.extra == [.init(name: "地址", value: "乙")])
  }

  @Test func `text keeps its inside and loses trailing white space and carriage returns`() throws {
    let rows = try leadRows(
      "reported_at,title,body\n2019/2/28,  标题 \u{3000},\"一\r\n\t二 \r三 \r\n\"\r\n")
    #expect(rows.first?.lead?.title == "  标题")
    #expect(rows.first?.lead?.body == "一\n\t二 \n三")
  }

  @Test func `each fault is rejected with its code and its line`() throws {
    let text =
      "source_id,reported_at,title,body,lat,lon\n"  // line 1
      + "1,2019/2/28,a,b,,\n"
      + "2,2019/2/28,a,b,\n"
      + "3,2019/2/28,a,b,,,\n"
      + "4,,a,b,,\n"
      + "5,2019/2/28, ,,,\n"
      + "\n"
      + "6,2019/2/30,a,b,,\n"
      + "7,2019/2/28,a,\"b\n\u{1}\",,\n"  // lines 9 and 10
      + "8,2019/2/28,a,b\u{0},,\n"
      + "9,2019/2/28,a,b,91,100\n"
      + "10,2019/2/28,a,b,nan,100\n"
      + "11,2019/2/28,a,b,34,\n"
      + "12,1991/2/28,a,b,,\n"
      + ",,,,,\n"
      + "13,2019/2/28,a,b,-90,180.0\n"
    let (rows, counts) = try leadRows(Array(text.utf8))
    let found = rows.map { row in
      switch row {
      case .accepted(let line, let lead, _): "\(line) accepted \(lead.sourceID ?? "")"
      case .rejected(let row): "\(row.line) \(row.code)"
      }
    }
    #expect(
      found == [
        "2 accepted 1", "3 column_count", "4 column_count", "5 missing_field", "6 missing_field",
        "8 bad_time", "9 control_character", "11 nul_byte", "12 bad_coordinate",
        "13 bad_coordinate", "14 bad_coordinate", "15 time_before_1992", "16 missing_field",
        "17 accepted 13",
      ])
    #expect(rows[6].rejection?.row == "7,2019/2/28,a,\"b\\n\\x01\",,")
    #expect(rows[7].rejection?.row == "8,2019/2/28,a,b\\x00,,")
    #expect(
      counts
        == LeadRowCounts(rows: 14, accepted: 2, rejected: 12, repeated: 0, blankLines: 1))
  }

  @Test func `unknown columns beyond their bound reject the row`() throws {
    let names = (0...IntakeBounds.extraFields).map { "x\($0)" }.joined(separator: ",")
    let values = (0...IntakeBounds.extraFields).map { _ in "v" }.joined(separator: ",")
    let full = String(repeating: ",", count: IntakeBounds.extraFields)
    let rows = try leadRows(
      "reported_at,body,\(names)\n2019/2/28,b,\(values)\n2019/2/28,b,v\(full)\n"
        + "2019/2/28,b,\(String(repeating: "v", count: IntakeBounds.extraBytes))\(full)\n")
    #expect(rows.map { $0.rejection?.code } == [.extraTooLong, nil, .extraTooLong])
  }

  @Test func `identities are equal over encodings and formats and differ between rows`() throws {
    let lines = [
      ["举报时间", "标题", "内容"], ["2019/2/28", "一", "二"], ["2019/2/28", "一二", ""],
      ["2019/2/28", "", "一二"], ["2019/2/28", "一", "二 "],
    ]
    func joined(_ separator: String, _ end: String) -> String {
      lines.map { $0.joined(separator: separator) + end }.joined()
    }
    let csv = try leadRows(joined(",", "\r\n"), format: .csv)
    let tsv = try leadRows(gb18030(joined("\t", "\n"))).rows
    #expect(csv == tsv)
    let identities = csv.map { $0.lead?.identityText }
    #expect(Set(identities.prefix(3)).count == 3)
    #expect(identities[0] == "row:hotline_12345:2019/2/28\u{1F}一\u{1F}二")
    #expect(identities[3] == identities[0])
    guard case .accepted(5, _, repeatsLine: 2) = csv[3] else {
      Issue.record("the fourth row repeats line 2")
      return
    }
  }

  @Test func `rows that share a source id repeat the first one`() throws {
    let (rows, counts) = try leadRows(
      Array("source_id,reported_at,body\nA:1,2019/2/28,b\n A:1 ,2019/3/1,c\nA:2,2019/3/1,c\n".utf8))
    #expect(counts.repeated == 1)
    #expect(rows.compactMap { $0.lead?.sourceID } == ["A:1", "A:1", "A:2"])
    #expect(rows[1].lead?.identityText == "source:hotline_12345:A:1")
    guard case .accepted(3, _, repeatsLine: 2) = rows[1] else {
      Issue.record("the second row repeats line 2")
      return
    }
  }

  @Test(arguments: [
    ("", "empty"), ("\n\n\r\n", "empty"), ("source_id,title\n1,a\n", "reported_at"),
    ("举报时间,地点\n", "body"), ("reported_at\u{0},body\n", "UTF-16"), ("\"reported_at,body\n", "quote"),
    ("reported_at,body\r2019/2/28,b\r", "CR alone"), ("reported_at;body\n", "commas"),
  ]) func `a header that cannot be used is refused with the cure`(text: String, word: String) throws
  {
    let error = try #require(throws: IntakeError.self) { _ = try leadRows(text) }
    #expect(error.code == .badHeader)
    #expect(error.message.contains(word), "\(error.message)")
  }

  @Test func `a header at the bound of columns passes and one beyond is refused`() throws {
    func text(_ columns: Int) -> String {
      "reported_at,body" + String(repeating: ",x", count: columns - 2) + "\n"
    }
    #expect(try leadRows(text(IntakeBounds.columns)) == [])
    let error = try #require(throws: IntakeError.self) {
      _ = try leadRows(text(IntakeBounds.columns + 1))
    }
    #expect(error.code == .badHeader && error.message.contains("257"))
  }

  @Test func `the extension or else the header tells the format`() throws {
    #expect(LeadFileFormat(fileName: "a/b.CSV") == .csv)
    #expect(LeadFileFormat(fileName: "b.tsv") == .tsv)
    #expect(LeadFileFormat(fileName: "b.txt") == nil)
    #expect(LeadFileFormat(fileName: "csv") == nil)
    #expect(try leadRows("\nreported_at\tbody\n2019/2/28\ta,b\n").first?.lead?.body == "a,b")
    #expect(try leadRows("\nreported_at,body\n2019/2/28,a\tb\n").first?.lead?.body == "a\tb")
  }

  @Test func `a source's error ends the reading and reaches the caller`() throws {
    struct Broken: Error {}
    var calls = 0
    var rows = try LeadRows(
      source: {
        calls += 1
        guard calls < 2 else { throw Broken() }
        return Array("reported_at,body\n2019/2/28,b\n2019".utf8)
      }, format: .csv, channel: ChannelKey("phone"))
    #expect(try rows.next()?.lead?.body == "b")
    #expect(throws: Broken.self) { try rows.next() }
  }

  @Test(arguments: ["", "Hotline", "a:b", "热线", "a b", String(repeating: "a", count: 41)])
  func `a malformed channel key is refused`(text: String) throws {
    let error = try #require(throws: IntakeError.self) { _ = try ChannelKey(text) }
    #expect(error.code == .badChannel)
  }
}
