import Testing

@testable import Intake

@Suite struct RejectsFileTests {
  private func line(_ row: String, reason: String = "why") -> String {
    String(
      decoding: RejectsFile.line(
        for: RejectedRow(
          line: 7, code: .badTime, reason: IntakeText(zh: "为何", en: reason), row: row),
        reason: \.en), as: UTF8.self)
  }

  @Test func `the file begins with a mark and its columns`() {
    #expect(RejectsFile.header == [0xEF, 0xBB, 0xBF] + Array("line,code,reason,row\r\n".utf8))
  }

  @Test func `cells that a spreadsheet would calculate get an apostrophe`() {
    for start in ["=", "+", "-", "@", "\t"] {
      #expect(line(start + "1") == "7,bad_time,why,'\(start)1\r\n")
    }
    #expect(line("\r1") == "7,bad_time,why,\"'\r1\"\r\n")
    #expect(line("=\u{301}1") == "7,bad_time,why,'=\u{301}1\r\n")
    #expect(line("1=1") == "7,bad_time,why,1=1\r\n")
    #expect(line("x", reason: "=A1") == "7,bad_time,'=A1,x\r\n")
  }

  @Test func `commas quotes and line breaks are quoted`() {
    #expect(line("a,\"b\"") == "7,bad_time,why,\"a,\"\"b\"\"\"\r\n")
    #expect(line("", reason: "a\nb") == "7,bad_time,\"a\nb\",\r\n")
  }

  @Test func `a written file reads back as the same cells`() throws {
    let rejected = try leadRows("reported_at,body\n=1,\"污,水\n\"\"x\"\"\"\n2019/2/28\n")
      .compactMap(\.rejection)
    #expect(rejected.map(\.code) == [.badTime, .columnCount])
    let bytes = RejectsFile.header + rejected.flatMap { RejectsFile.line(for: $0, reason: \.zh) }
    let cells = try delimitedRows(bytes, format: .csv).map { row in
      row.fields.map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(cells.map(\.count) == [4, 4, 4])
    #expect(cells[1][3] == "'=1,\"污,水\\n\"\"x\"\"\"")
    #expect(cells[2] == ["4", "column_count", rejected[1].reason.zh, "2019/2/28"])
  }
}
