import Foundation
import Identity
import Regions
import Replication
import Synchronization
import Testing

@testable import Transport

extension LinkTransportTests {
  @Suite struct Refusals {
    private static let echo: LinkServer.Handler = { session in
      for try await frame in session.inbound { try await session.send(frame) }
    }

    @Test func nodeOfAnotherDeploymentIsRefusedByBothSides() async throws {
      let (city, foreign) = (try LinkCity(), try LinkCity("xuzhou"))
      let hub = try city.credentials("hub", .city)
      let stranger = try foreign.credentials("haizhou-qu")
      try await LinkTest.run(hub, handler: Self.echo) { test in
        let error = await transportError {
          try await test.dial(stranger, expecting: city.name("hub", .city))
        }
        #expect(error?.code == .certificateRefused)
        #expect(error?.message.contains("not a root trusted here") == true)
        let seen = await test.refusal()
        #expect(seen?.code == .certificateRefused)
        #expect(seen?.message.contains("refused this node's certificate") == true)
      }
    }

    @Test(.enabled(if: TLSClient.isAvailable))
    func clientWithoutCertificateGetsAlert116() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      try await LinkTest.run(hub, handler: Self.echo) { test in
        let output = try TLSClient.connect(port: test.port, arguments: [])
        #expect(output.contains("alert number 116"))
        let seen = await test.refusal()
        #expect(seen?.code == .certificateRefused)
        #expect(seen?.message.contains("shows no certificate") == true)
      }
    }

    @Test(.enabled(if: TLSClient.isAvailable))
    func clientOfAForeignAuthorityGetsAnAlertAndIsNamed() async throws {
      let (city, foreign) = (try LinkCity(), try LinkCity("xuzhou"))
      let hub = try city.credentials("hub", .city)
      _ = try foreign.credentials("haizhou-qu")
      let folder = foreign.store("haizhou-qu").path
      try await LinkTest.run(hub, handler: Self.echo) { test in
        let output = try TLSClient.connect(
          port: test.port,
          arguments: [
            "-cert", "\(folder)/node.pem", "-cert_chain", "\(foreign.path)/ca/issuing.pem", "-key",
            "\(folder)/node.key",
          ])
        #expect(output.contains("SSL alert number"))
        let seen = await test.refusal()
        #expect(seen?.code == .certificateRefused)
        #expect((seen?.cause as? CertificateRefusal)?.reason == .foreignAuthority)
      }
    }

    @Test func parentThatIsAnotherNodeIsRefusedByTheChild() async throws {
      let city = try LinkCity()
      let other = try city.credentials("ganyu-qu")
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(other, handler: Self.echo) { test in
        let error = await transportError {
          try await test.dial(child, expecting: city.name("hub", .city))
        }
        #expect(error?.code == .certificateRefused)
        #expect(
          error?.message.contains("proves to be liandong://lianyungang/district/ganyu-qu") == true)
        #expect(await test.refusal()?.code == .certificateRefused)
      }
    }

    @Test func tierIsPartOfTheParentsName() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .township)
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(hub, handler: Self.echo) { test in
        let error = await transportError {
          try await test.dial(child, expecting: city.name("hub", .city))
        }
        #expect(error?.code == .certificateRefused)
      }
    }

    @Test func childOfAnotherRegionIsToldWhyAndReported() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let expected = try city.name("ganyu-qu")
      try await LinkTest.run(
        hub,
        admit: { $0.name == expected ? nil : .wrongNode($0.name, expected: expected) },
        handler: Self.echo
      ) { test in
        let error = await transportError {
          try await test.dial(child, expecting: city.name("hub", .city))
        }
        #expect(error?.code == .certificateRefused)
        #expect(
          error?.message.contains("should be liandong://lianyungang/district/ganyu-qu") == true)
        let seen = await test.refusal()
        #expect(seen?.code == .certificateRefused)
        #expect(seen?.message.contains("haizhou-qu") == true)
      }
    }

    @Test func expiredChildIsToldSo() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(
        hub, admit: { $0.linkRefusal(at: LinkCity.afterExpiry, revoked: []) }, handler: Self.echo
      ) { test in
        let error = await transportError {
          try await test.dial(child, expecting: city.name("hub", .city))
        }
        #expect(error?.code == .certificateRefused)
        #expect(error?.message.contains("issue it a new one") == true)
        let seen = await test.refusal()
        #expect((seen?.cause as? CertificateRefusal)?.reason == .expired)
      }
    }

    @Test func expiredParentIsRefusedByTheChild() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(hub, handler: Self.echo) { test in
        let error = await transportError {
          try await test.dial(
            child, expecting: city.name("hub", .city), at: LinkCity.afterExpiry)
        }
        #expect((error?.cause as? CertificateRefusal)?.reason == .expired)
        #expect(await test.refusal()?.code == .certificateRefused)
      }
    }

    @Test func oversizedFrameIsNotSentAndTheSessionGoesOn() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let batch = try BatchSample.batch(commits: 512, eventBytes: 5_000)
      try await LinkTest.run(hub, handler: Self.echo) { test in
        try await test.dial(child, expecting: city.name("hub", .city)) { session in
          let error = await transportError { try await session.send(batch) }
          #expect(error?.code == .frameTooLarge)
          try await session.send(.ping)
          for try await frame in session.inbound {
            #expect(frame == .ping)
            break
          }
        }
      }
    }

    @Test func oversizedMessageEndsTheSessionOfAPeerThatSendsIt() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let (faults, fault) = AsyncStream.makeStream(of: TransportError?.self)
      try await LinkTest.run(
        hub,
        handler: { session in
          fault.yield(await transportError { for try await _ in session.inbound {} })
        }
      ) { test in
        let error = await transportError {
          try await test.dial(child, expecting: city.name("hub", .city)) { session in
            let size = ReplicationBounds.messageBytes + 1
            try await session.send(message: [UInt8](repeating: 0, count: size))
            for try await _ in session.inbound {}
          }
        }
        #expect(error?.code == .closed || error?.code == .frameTooLarge)
        for await seen in faults {
          #expect(seen?.code == .frameTooLarge)
          break
        }
      }
    }

    @Test func malformedFrameEndsTheSessionAndBothSidesKnow() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let (faults, fault) = AsyncStream.makeStream(of: TransportError?.self)
      try await LinkTest.run(
        hub,
        handler: { session in
          do {
            for try await _ in session.inbound {}
          } catch {
            fault.yield(error as? TransportError)
            throw error
          }
        }
      ) { test in
        let name = try city.name("hub", .city)
        let error = await transportError {
          try await test.dial(child, expecting: name) { session in
            try await session.send(message: [0x3A, 0x03, 0x0A, 0x01, 0xFF])
            for try await _ in session.inbound {}
          }
        }
        #expect(error?.code == .malformedFrame)
        #expect(error?.message.contains("frame.want.hashes") == true)
        for await seen in faults {
          #expect(seen?.code == .malformedFrame)
          #expect(seen?.message.contains("haizhou-qu") == true)
          break
        }
        // The server is none the worse for it.
        try await test.dial(child, expecting: name) { try await $0.send(.ping) }
      }
    }

    @Test func malformedFrameOfTheParentIsFoundByTheChild() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(hub, handler: { try await $0.send(message: [0xFF]) }) { test in
        let error = await transportError {
          try await test.dial(child, expecting: city.name("hub", .city)) { session in
            for try await _ in session.inbound {}
          }
        }
        #expect(error?.code == .malformedFrame)
      }
    }

    @Test func childBeyondTheLastPlaceIsToldToComeLater() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(hub, mostSessions: 1, handler: Self.echo) { test in
        let name = try city.name("hub", .city)
        try await test.dial(child, expecting: name) { _ in
          let error = await transportError { try await test.dial(child, expecting: name) }
          #expect(error?.code == .overloaded)
        }
        try await test.dial(child, expecting: name) { try await $0.send(.ping) }
      }
    }
  }
}
