import FoundationEssentials
import Ledger
import Regions
import Replication
import SwiftProtobuf

extension Liandong_Wire_V1_Frame {
  init(_ frame: Frame) {
    self.init()
    switch frame {
    case .hello(let hello): kind = .hello(.init(hello))
    case .trees(let shipment): kind = .trees(.init(shipment))
    case .batch(let batch): kind = .batch(.init(batch))
    case .acknowledgement(let acknowledgement):
      kind = .acknowledgement(
        .with {
          $0.lane = .init(acknowledgement.lane)
          $0.position = acknowledgement.position
          $0.movesCursor = acknowledgement.movesCursor
        })
    case .noted(let noted):
      kind = .noted(
        .with {
          $0.urgent = .init(noted.heads.urgent)
          $0.bulk = .init(noted.heads.bulk)
          $0.count = noted.count
        })
    case .compare(let claims): kind = .compare(.with { $0.claims = claims.map { .init($0) } })
    case .want(let hashes): kind = .want(.with { $0.hashes = Data(hashes) })
    case .repair(let shipment): kind = .repair(.init(shipment))
    case .setAside(let notices):
      kind = .setAside(.with { $0.notices = notices.map { .init($0) } })
    case .ping: kind = .ping(.init())
    case .goodbye(let goodbye): kind = .goodbye(.init(goodbye))
    }
  }
}

extension Liandong_Wire_V1_Hello {
  fileprivate init(_ hello: Hello) {
    self.init()
    lowestProtocol = hello.protocolVersions.lowerBound
    highestProtocol = hello.protocolVersions.upperBound
    region = hello.region.rawValue
    incarnation = hello.incarnation
    software = hello.software.cut(to: WireBounds.softwareBytes)
    trees = Data(hello.trees)
    urgent = .init(hello.cursors.urgent)
    bulk = .init(hello.cursors.bulk)
  }
}

extension Liandong_Wire_V1_HeldCursor {
  fileprivate init(_ held: HeldCursor) {
    self.init()
    switch held {
    case .fresh: kind = .fresh(.init())
    case .at(let cursor): kind = .at(.init(cursor))
    case .void: kind = .void(.init())
    }
  }
}

extension Liandong_Wire_V1_Cursor {
  fileprivate init(_ cursor: Cursor) {
    self.init()
    incarnation = cursor.incarnation
    position = cursor.position
    running = Data(cursor.running)
  }
}

extension Liandong_Wire_V1_CertificateChain {
  fileprivate init(_ chain: CertificateChain) {
    self.init()
    certificates = chain.map { Data($0) }
  }
}

extension Liandong_Wire_V1_Commit {
  fileprivate init(_ commit: Commit) {
    self.init()
    stamp = Data(commit.stampBytes)
    if commit.previous != .zero { previous = Data(commit.previous) }
    events.reserveCapacity(commit.entries.count)
    for (place, entry) in commit.entries.enumerated() {
      switch entry {
      case .event(let event): events.append(Data(event.bytes))
      case .withheld(let hash):
        withheld.append(
          .with {
            $0.place = UInt32(place)
            $0.hash = Data(hash)
          })
      }
    }
    signature = Data(commit.signature)
  }
}

extension Liandong_Wire_V1_Shipment {
  fileprivate init(_ shipment: Shipment) {
    self.init()
    chains = shipment.chains.map { .init($0) }
    commits = shipment.commits.map { .init($0) }
  }
}

extension Liandong_Wire_V1_Batch {
  fileprivate init(_ batch: Batch) {
    self.init()
    lane = .init(batch.lane)
    start = .init(batch.start)
    chains = batch.chains.map { .init($0) }
    items = batch.items.map { item in
      .with {
        switch item {
        case .commit(let commit): $0.kind = .commit(.init(commit))
        case .mark(let mark): $0.kind = .mark(Data(mark))
        }
      }
    }
  }
}

extension Liandong_Wire_V1_Lane {
  fileprivate init(_ lane: Lane) {
    switch lane {
    case .urgent: self = .urgent
    case .bulk: self = .bulk
    }
  }
}

extension Liandong_Wire_V1_RangeClaim {
  fileprivate init(_ claim: RangeClaim) {
    self.init()
    lower = Data([claim.lower])
    if let bound = claim.upper { upper = Data([bound]) }
    switch claim.content {
    case .fingerprint(let print):
      content = .fingerprint(
        .with {
          $0.count = print.count
          $0.high = print.high
          $0.low = print.low
        })
    case .items(let keys): content = .items(Data(keys))
    case .answer(let keys): content = .answer(Data(keys))
    }
  }
}

extension Liandong_Wire_V1_SetAsideNotice {
  fileprivate init(_ notice: SetAsideNotice) {
    self.init()
    commit = Data(notice.commit)
    region = notice.origin.region.rawValue
    incarnation = notice.origin.incarnation
    sequence = notice.sequence
    reason = notice.reason.cut(to: WireBounds.textBytes)
  }
}

extension Liandong_Wire_V1_Goodbye {
  fileprivate init(_ goodbye: Goodbye) {
    self.init()
    // The wire's numbers are the reasons' own plus one: zero is "unspecified" there.
    reason = Reason(rawValue: Int(goodbye.reason.rawValue) + 1) ?? .unspecified
    message = goodbye.message.cut(to: WireBounds.textBytes)
    if let seconds = goodbye.retryAfterSeconds { retryAfterSeconds = seconds }
  }
}

extension Data {
  init(_ hash: Hash) {
    self = hash.withUnsafeBytes { Data($0) }
  }

  fileprivate init(_ hashes: [Hash]) {
    self.init(capacity: hashes.count * Hash.byteCount)
    for hash in hashes { hash.withUnsafeBytes { append(contentsOf: $0) } }
  }

  init(_ keys: [SetKey]) {
    self.init(capacity: keys.count * WireBounds.setKeyBytes)
    for key in keys {
      Swift.withUnsafeBytes(of: key.time.rawValue.bigEndian) { append(contentsOf: $0) }
      key.hash.withUnsafeBytes { append(contentsOf: $0) }
    }
  }
}

extension String {
  /// At most `count` bytes, whole characters.
  fileprivate func cut(to count: Int) -> String {
    guard utf8.count > count else { return self }
    var end = utf8.index(startIndex, offsetBy: count)
    while end > startIndex, end.samePosition(in: self) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
