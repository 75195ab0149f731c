/// What `evidence add` takes.
package struct EvidenceAddArguments: Codable, Hashable, Sendable {
  package let lead: String
  /// An absolute path, since the node has its own working folder.
  package let path: String
  package var note: String?
  package var urgent = false

  package init(lead: String, path: String) {
    self.lead = lead
    self.path = path
  }
}

/// What `evidence get` takes.
package struct EvidenceGetArguments: Codable, Hashable, Sendable {
  package let lead: String
  /// The beginning of the event's or the file's hash.
  package let evidence: String
  /// An absolute path, where nothing may stand yet.
  package let path: String

  package init(lead: String, evidence: String, path: String) {
    self.lead = lead
    self.evidence = evidence
    self.path = path
  }
}

/// One piece of evidence (证据): schema `liandong.evidence/1`.
package struct EvidenceAnswer: Codable, Hashable, Sendable {
  package let schema: String
  /// The event that added it, by which acts name it.
  package let event: String
  /// SHA-256 of the file.
  package let file: String
  package let name: String
  /// A media type.
  package let type: String
  package let bytes: Int64
  /// RFC 3339, when the file says that it was taken, if it says so with a zone.
  package let takenAt: String?
  /// What the camera's clock showed, without a zone.
  package let cameraTime: String?
  /// Where the file says that it was taken, in degrees.
  package let latitude: Double?
  package let longitude: Double?
  package let note: String?
  /// RFC 3339, by the author's clock.
  package let addedAt: String
  package let by: String
  package let region: String
  /// Whether the file itself is here.
  package let held: Bool
  /// Whether it is wanted from the neighbours.
  package let wanted: Bool
  /// The neighbour that sends it now, or those that it may come from, the likeliest first.
  package let from: [String]
  /// How many bytes are here, while it is being sent.
  package let receivedBytes: Int?
  /// What keeps neighbours from sending it.
  package let faults: [String]
}

/// What `evidence get` answers: schema `liandong.evidence_get/1`.
package struct EvidenceGetAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let path: String
  package let file: String
  package let bytes: Int
}

/// What `evidence verify` answers: schema `liandong.evidence_verify/1`.
package struct EvidenceVerifyAnswer: Codable, Hashable, Sendable {
  package struct Finding: Codable, Hashable, Sendable {
    package let kind: String
    package let path: String
    package let message: String
  }

  package let schema: String
  package let ok: Bool
  package let files: Int
  package let bytes: Int
  package let findings: [Finding]
}
