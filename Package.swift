// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcProtobuf = Target.Dependency.product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let grpcTransport = Target.Dependency.product(
  name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")
let nioCertificates = Target.Dependency.product(
  name: "NIOCertificateReloading", package: "swift-nio-extras")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let serviceLifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "liandong",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "liandong", targets: ["liandong"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The layers, bottom up; docs/ARCHITECTURE.md says what each holds, a test what each imports.
    .target(name: "Regions", dependencies: [yams]),
    .target(name: "Ledger", dependencies: ["Regions", crypto]),
    .target(name: "Casework", dependencies: ["Regions", "Ledger"]),
    .target(name: "Replication", dependencies: ["Regions", "Ledger"]),
    .target(name: "Intake"),
    .target(name: "Evidence", dependencies: [crypto]),
    .target(
      name: "Store",
      dependencies: ["Regions", "Ledger", "Casework", "Replication", grdb, grdbSQLite, crypto]),
    .target(name: "Identity", dependencies: ["Regions", x509, asn1, crypto]),
    .target(
      name: "Wire",
      dependencies: ["Regions", "Ledger", "Replication", protobuf, grpcCore, grpcProtobuf],
      exclude: ["liandong.proto"]),
    .target(
      name: "Transport",
      dependencies: [
        "Regions", "Ledger", "Replication", "Wire", "Identity", grpcCore, grpcTransport,
        nioCertificates, nioCore, nioPosix, nioSSL, nioTLS,
      ]),
    .systemLibrary(name: "CAllocator"),
    .target(
      name: "Node",
      dependencies: [
        "CAllocator", "Regions", "Ledger", "Casework", "Replication", "Intake", "Evidence", "Store",
        "Identity", "Transport", crypto, cryptoExtras, logging, serviceLifecycle, unixSignals, yams,
      ]),
    .target(
      name: "Simulation",
      dependencies: ["Regions", "Ledger", "Casework", "Replication", "Store", crypto]),
    .executableTarget(
      name: "liandong",
      dependencies: [
        "Regions", "Ledger", "Casework", "Replication", "Intake", "Store", "Identity", "Node",
        "Simulation", argumentParser, logging, serviceLifecycle,
      ]),

    .executableTarget(
      name: "Measure",
      dependencies: [
        "Regions", "Ledger", "Casework", "Replication", "Intake", "Store", "Identity", "Wire",
        "Transport", "Node", crypto, grdbSQLite, logging,
      ],
      path: "Benchmarks/Measure"),

    .testTarget(name: "LayerTests"),
    .testTarget(name: "RegionsTests", dependencies: ["Regions"]),
    .testTarget(name: "LedgerTests", dependencies: ["Ledger", "Regions", crypto]),
    .testTarget(
      name: "CaseworkTests", dependencies: ["Casework", "Ledger", "Regions"],
      exclude: ["holidays.json"]),
    .testTarget(
      name: "OracleTests", dependencies: ["Casework", "Ledger", "Regions"],
      exclude: ["deadlines.py", "fold_many.py"]),
    .testTarget(name: "ReplicationTests", dependencies: ["Replication", "Ledger", "Regions"]),
    .testTarget(
      name: "InteropTests",
      dependencies: ["liandong", "Wire", "Replication", "Ledger", "Regions", crypto]),
    .testTarget(name: "IntakeTests", dependencies: ["Intake"]),
    .testTarget(
      name: "EvidenceTests", dependencies: ["Evidence", crypto], exclude: ["read_exif.py"]),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Store", "Casework", "Replication", "Ledger", "Regions", crypto]),
    .testTarget(name: "IdentityTests", dependencies: ["Identity", "Regions", x509, asn1, crypto]),
    .testTarget(
      name: "TransportTests",
      dependencies: [
        "Transport", "Wire", "Identity", "Replication", "Ledger", "Regions", crypto, grpcCore,
      ]),
    .testTarget(
      name: "CityTests",
      dependencies: ["liandong", "Transport", "Identity", "Replication", "Ledger", "Regions"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Casework", "Regions"]),
    .testTarget(
      name: "CommandTests", dependencies: ["Node", "Identity", "Regions"],
      exclude: ["rule_table.py"]),
    .testTarget(
      name: "WireTests", dependencies: ["Wire", "Replication", "Ledger", "Regions", crypto]),
    .testTarget(
      name: "NodeTests",
      dependencies: [
        "Node", "Store", "Casework", "Evidence", "Identity", "Replication", "Ledger", "Regions",
        "Intake", "Transport", crypto, logging,
      ], exclude: ["histories.py"]),
  ],
  swiftLanguageModes: [.v6]
)

// The simulator with planted faults, which `make mutants` builds from a copy of the sources.
if Context.environment["LIANDONG_MUTANTS"] == "1" {
  package.targets.append(
    .executableTarget(
      name: "MutantRunner", dependencies: ["Simulation", "Casework", "Regions", argumentParser],
      path: "Tests/Mutants/Runner"))
}

for target in package.targets where target.type != .system {
  var settings = target.swiftSettings ?? []
  for feature in [
    "ExistentialAny", "ImmutableWeakCaptures", "InferIsolatedConformances",
    "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
  ] {
    settings.append(.enableUpcomingFeature(feature))
  }
  target.swiftSettings = settings
}
