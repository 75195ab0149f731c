import Foundation
import Identity
import Regions
import Replication
import Synchronization
import Testing

@testable import Transport

extension LinkTransportTests {
  @Suite struct Addresses {
    private static let drain: LinkServer.Handler = { session in
      for try await _ in session.inbound {}
    }

    @Test func portInUseIsSaid() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      try await LinkTest.run(hub, handler: Self.drain) { test in
        let second = try LinkServer(
          host: "127.0.0.1", port: test.port, credentials: hub, admit: { _ in nil },
          report: { _, _ in }, handler: Self.drain)
        let error = await transportError { try await second.run() }
        #expect(error?.code == .portInUse)
        #expect(error?.message.contains("127.0.0.1:\(test.port)") == true)
      }
    }

    @Test(arguments: ["192.0.2.1", "not-an-address"])
    func addressOfAnotherMachineIsUnusable(host: String) async throws {
      let hub = try LinkCity().credentials("hub", .city)
      let server = try LinkServer(
        host: host, port: 0, credentials: hub, admit: { _ in nil }, report: { _, _ in },
        handler: Self.drain)
      let error = await transportError { try await server.run() }
      #expect(error?.code == .addressUnusable)
    }

    @Test func addressWithoutAListenerIsRefused() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let closed = Mutex<LinkTest?>(nil)
      try await LinkTest.run(hub, handler: Self.drain) { test in closed.withLock { $0 = test } }
      let test = try #require(closed.withLock { $0 })
      let error = await transportError {
        try await test.dial(hub, expecting: city.name("hub", .city))
      }
      #expect(error?.code == .connectionRefused)
    }

    @Test func listenerThatNeverAnswersIsGivenUpInTime() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let silent = try SilentListener()
      let client = LinkClient(credentials: hub) { _ in nil }
      let name = try city.name("hub", .city)
      let error = await transportError {
        try await client.run(
          host: "127.0.0.1", port: silent.port, expecting: name, within: .milliseconds(300)
        ) { _ in }
      }
      #expect(error?.code == .timedOut)
    }

    @Test func connectionThatSpeaksNoTLSIsReportedAndTheServerGoesOn() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(hub, handler: Self.drain) { test in
        try SilentListener.say("GET / HTTP/1.1\r\n\r\n", toPort: test.port)
        #expect(await test.refusal()?.code == .tlsRefused)
        try await test.dial(child, expecting: city.name("hub", .city)) { try await $0.send(.ping) }
      }
    }

    @Test func renewedCertificateHoldsForTheNextConnectionOfBothEnds() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let (keys, key) = AsyncStream.makeStream(of: KeyID.self)
      let oldHubKey = hub.current.key.keyID
      try await LinkTest.run(
        hub,
        handler: { session in
          key.yield(session.peer.keyID)
          for try await frame in session.inbound { try await session.send(frame) }
        }
      ) { test in
        let name = try city.name("hub", .city)
        var seen = keys.makeAsyncIterator()
        let newKeys = Mutex<[KeyID]>([])
        try await test.dial(child, expecting: name) { session in
          #expect(session.peer.keyID == oldHubKey)
          let renewed = [try city.renew("hub", .city).keyID, try city.renew("haizhou-qu").keyID]
          newKeys.withLock { $0 = renewed }
          try hub.reload(from: city.store("hub"))
          try child.reload(from: city.store("haizhou-qu"))
          // The open session goes on with the old certificates.
          try await session.send(.ping)
          for try await _ in session.inbound { break }
        }
        #expect(await seen.next() != child.current.key.keyID)
        try await test.dial(child, expecting: name) { session in
          #expect(session.peer.keyID == newKeys.withLock { $0.first })
        }
        #expect(await seen.next() == newKeys.withLock { $0.last })
      }
    }
  }
}
