/// What `status --json` answers: schema `liandong.status/1`.
package struct StatusAnswer: Codable, Hashable, Sendable {
  package struct NodePart: Codable, Hashable, Sendable {
    package let region: String
    package let regionName: String?
    package let tier: String
    package let incarnation: UInt32
    package let deployment: String
    package let version: String
    /// The highest version of the link protocol that this node speaks.
    package let `protocol`: UInt32
    /// Whether a running node answered, not the store alone.
    package let running: Bool
  }

  package struct StorePart: Codable, Hashable, Sendable {
    package let bytes: UInt64
    package let freeBytes: UInt64
    package let synchronous: String
    package let journal: String
  }

  package struct LedgerPart: Codable, Hashable, Sendable {
    /// The hash of this node's own last commit.
    package let head: String
    package let commits: UInt64
    package let events: UInt64
    package let leads: UInt64
    package let directives: UInt64
  }

  package struct LinkPart: Codable, Hashable, Sendable {
    package let peer: String
    package let peerName: String?
    /// What the peer is to this node: `parent` or `child`.
    package let role: String
    /// `connected`, `backoff`, `refused` or `paused`.
    package let state: String
    package let backlogEvents: UInt64
    package let backlogBytes: UInt64
    /// The age of the oldest event that waits for the peer; 0 where none does.
    package let lagSeconds: Double
    package let lastSuccessAt: Nullable<String>
    package let retryAt: Nullable<String>
    package let setAside: UInt64
    package let lastError: Nullable<String>
    /// The TLS version of the open session; empty without one.
    package let tls: String
    package let address: String
    package let peerIncarnation: Nullable<UInt32>
    package let peerVersion: String
    package let bytesSent: UInt64
    package let bytesReceived: UInt64
    package let repairing: Bool
  }

  package struct CertificatePart: Codable, Hashable, Sendable {
    package let notAfter: String
  }

  package struct ClockPart: Codable, Hashable, Sendable {
    /// By how far the newest stamps that came over a link of late are ahead of this node's clock, the
    /// largest of all links; `null` until some came since the start.
    package let skewSeconds: Nullable<Double>
  }

  package let schema: String
  package let node: NodePart
  package let store: StorePart
  package let ledger: LedgerPart
  /// The parent first, then the children by id.
  package let links: [LinkPart]
  package let conflictsOpen: UInt64
  /// The entities that wait for an event or a rules file.
  package let waiting: UInt64
  /// The files of evidence that this node wants from its neighbours.
  package let evidenceWanted: UInt64
  package let certificate: CertificatePart
  package let clock: ClockPart
}
