import Glibc
import Testing

@testable import Intake

@Suite struct LeadFileEncodingTests {
  private let table = "工单编号,举报时间,标题,内容\r\nA1,2019/2/28 11:25:05,河水发黑,水面有泡沫\r\n"

  private func body(_ bytes: [UInt8]) throws -> String? {
    try leadRows(bytes).rows.first?.lead?.body
  }

  @Test func `UTF-8 with and without a mark and GB18030 give the same lead`() throws {
    let plain = try leadRows(Array(table.utf8)).rows
    #expect(plain.first?.lead?.title == "河水发黑")
    #expect(try leadRows([0xEF, 0xBB, 0xBF] + Array(table.utf8)).rows == plain)
    #expect(try leadRows(gb18030(table)).rows == plain)
    #expect(try leadRows(gb18030(table), chunkSize: { 1 }).rows == plain)
  }

  @Test func `hand-written GB18030 bytes decode to their characters`() throws {
    // 镕 is in GBK only; its second byte is the letter F.
    let header = Array("reported_at,body\n".utf8)
    let time = Array("2019-02-28 11:25,".utf8)
    #expect(try body(header + time + [0xCE, 0xDB, 0xCB, 0xAE]) == "污水")
    #expect(try body(header + time + [0xCE, 0xDB, 0xE9, 0x46]) == "污镕")
    // Four bytes: U+10000 is the first character beyond the basic plane.
    #expect(try body(header + time + [0xCB, 0xAE, 0x90, 0x30, 0x81, 0x30]) == "水\u{10000}")
    // 联通 is well-formed UTF-8 by chance (two-byte sequences) and still read as what it is.
    #expect(try body(header + time + [0xC1, 0xAA, 0xCD, 0xA8]) == "联通")
  }

  @Test func `Chinese far behind the beginning of an ASCII file still decides`() throws {
    var text = "source_id,reported_at,body\n"
    for row in 0..<6_000 { text += "\(row),2019-02-28 11:25,plain text for a long time here\n" }
    #expect(text.utf8.count > IntakeBounds.encodingSampleBytes)
    text += "last,2019-02-28 11:25,夜里有臭味\n"
    let utf8 = try leadRows(Array(text.utf8))
    #expect(utf8.rows.last?.lead?.body == "夜里有臭味")
    #expect(try leadRows(gb18030(text)).rows == utf8.rows)
  }

  @Test func `one damaged byte in a UTF-8 file costs its row and not the file`() throws {
    var bytes = Array("reported_at,body\n2019-02-28 11:25,好".utf8)
    bytes += [0xE6, 0xB1]
    bytes += Array("\\\n2019-02-28 11:26,河水发黑有臭味\n".utf8)
    let rows = try leadRows(bytes).rows
    #expect(rows.first?.rejection?.code == .badBytes)
    #expect(rows.first?.rejection?.row == "2019-02-28 11:25,好\\xE6\\xB1\\\\")
    #expect(rows.last?.lead?.body == "河水发黑有臭味")
  }

  @Test func `one damaged byte in a GB18030 file costs its row`() throws {
    var bytes = try gb18030("reported_at,body\n2019-02-28 11:25,污水横流")
    bytes.append(0xFF)
    bytes += try gb18030("\n2019-02-28 11:26,噪声扰民\n")
    let rows = try leadRows(bytes).rows
    #expect(rows.first?.rejection?.code == .badBytes)
    #expect(rows.first?.rejection?.row == "2019-02-28 11:25,污水横流\\xFF")
    #expect(rows.last?.lead?.body == "噪声扰民")
  }

  @Test(arguments: [
    [0xFF, 0xFE, 0x61, 0x00] as [UInt8], [0xFE, 0xFF, 0x00, 0x61], [0x50, 0x4B, 0x03, 0x04, 0x14],
    [0xD0, 0xCF, 0x11, 0xE0, 0xA1],
  ]) func `UTF-16 and workbooks are refused with the cure`(bytes: [UInt8]) throws {
    let error = try #require(throws: IntakeError.self) {
      _ = try leadRows(bytes, chunkSize: { 1 })
    }
    #expect(error.code == .unsupportedEncoding)
    #expect(error.message.contains("CSV UTF-8"))
  }

  @Test func `a file on disk is read and a missing one names its path`() throws {
    var template = Array("/tmp/intake-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    defer { unlink(path) }
    let bytes = try gb18030(table)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)

    var rows = try LeadRows(path: path, channel: ChannelKey("phone"))
    #expect(try rows.next()?.lead?.body == "水面有泡沫")
    #expect(try rows.next() == nil)
    #expect(rows.encoding == .gb18030)

    for unreadable in [path + "-absent", "/tmp"] {
      let error = try #require(throws: IntakeError.self) {
        _ = try LeadRows(path: unreadable, channel: ChannelKey("phone"))
      }
      #expect(error.code == .unreadable)
      #expect(error.message.contains(unreadable))
    }
  }
}
