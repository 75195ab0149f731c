import Foundation
import Glibc
import Testing

extension CityTests {
  /// What strangers and broken programs send to a running node.
  @Suite struct GarbageTests {
    private static let garbage: [[UInt8]] = [
      Array("\n\n\n".utf8), Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
      Array("{\"command\":\"lead report\"}\n".utf8),
      Array("{\"command\":\"no such\",\"arguments\":{},\"actor\":\"\",\"role\":\"\",".utf8)
        + Array("\"language\":\"en\"}\n".utf8),
      Array(String(repeating: "[", count: 200_000).utf8) + [10],
      (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 3) } + [10],
    ]

    @Test func `garbage on the control socket is answered and harms nobody`() async throws {
      let city = try City()
      try await city.lake.start()
      for bytes in Self.garbage {
        let descriptor = try #require(Sockets.unix(city.lake.socket))
        defer { close(descriptor) }
        let answer = String(decoding: Sockets.exchange(descriptor, bytes) ?? [], as: UTF8.self)
        #expect(answer.contains("\"exit\":") && !answer.contains("\"exit\":0"), "\(answer)")
      }
      let large = try #require(Sockets.unix(city.lake.socket))
      defer { close(large) }
      // Over the bound of a request; the node may stop reading before all is sent.
      _ = Sockets.exchange(large, [UInt8](repeating: 0x61, count: 4_000_000))
      try city.lake.report("照常")
    }

    @Test func `callers that say nothing do not keep others out for long`() async throws {
      let city = try City()
      try await city.lake.start()
      let silent = (0..<200).compactMap { _ in Sockets.unix(city.lake.socket) }
      defer { for descriptor in silent { close(descriptor) } }
      #expect(silent.count > 32)
      let busy = try city.lake.run("status")
      #expect([0, 69].contains(busy.status), "\(busy)")
      try await eventually("a command is taken again") { try city.lake.run("status").status == 0 }
    }

    @Test func `garbage and idle connections on the link's port leave the link working`()
      async throws
    {
      let city = try City()
      try await city.east.start()
      let port = try #require(city.east.port)
      // Commands are taken before children are.
      try await eventually("the port is bound") {
        guard let descriptor = Sockets.tcp(port) else { return false }
        close(descriptor)
        return true
      }
      for bytes in Self.garbage {
        let descriptor = try #require(Sockets.tcp(port))
        defer { close(descriptor) }
        _ = Sockets.exchange(descriptor, bytes)
      }
      // Half-open: they connect and say nothing, or begin a handshake and go silent.
      let idle = (0..<300).compactMap { _ in Sockets.tcp(port) }
      defer { for descriptor in idle { close(descriptor) } }
      for descriptor in idle.prefix(100) {
        _ = [0x16, 3, 1].withUnsafeBytes {
          send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
      }
      try await city.lake.start()
      let number = try city.lake.report("照常")
      try await eventually("the lead is at the district") {
        try city.east.numbers().contains(number)
      }
      #expect(city.east.isRunning)
    }
  }
}
