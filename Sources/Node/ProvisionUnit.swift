/// The systemd unit of a node: the text of `docs/liandong.service` with the node's own folder.
package struct ProvisionUnit: Sendable {
  /// Where the node's folder stands on the machine that runs it.
  package let home: HomeLayout

  package init(home: HomeLayout) { self.home = home }

  /// The whole unit file.
  package var text: String { head + body }

  private var head: String {
    """
    # One Liandong node. Install the program as /usr/bin/liandong and this file as
    # /etc/systemd/system/liandong.service; make the account once with
    #   useradd --system --home-dir \(home.path) --shell /usr/sbin/nologin liandong
    # then put the node's provisioned folder at \(home.path), owned by that account.


    """
  }

  private var body: String {
    """
    [Unit]
    Description=Liandong casework node
    Documentation=file:/usr/share/doc/liandong/README.md
    After=network-online.target time-sync.target
    Wants=network-online.target
    StartLimitIntervalSec=300
    StartLimitBurst=10

    [Service]
    Type=notify
    ExecStart=/usr/bin/liandong serve --home \(Self.quoted(home.path, inCommand: true))
    User=liandong
    Group=liandong
    WatchdogSec=60
    Restart=on-failure
    RestartSec=5
    # The store is closed and its last transaction written before the process ends.
    TimeoutStopSec=30
    # A hub serves up to 4,096 children, and each store takes a few files more.
    LimitNOFILE=65536

    \(storage)
    UMask=0077

    NoNewPrivileges=yes
    CapabilityBoundingSet=
    ProtectSystem=strict
    ProtectHome=yes
    PrivateTmp=yes
    PrivateDevices=yes
    ProtectClock=yes
    ProtectControlGroups=yes
    ProtectHostname=yes
    ProtectKernelLogs=yes
    ProtectKernelModules=yes
    ProtectKernelTunables=yes
    LockPersonality=yes
    MemoryDenyWriteExecute=yes
    RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    SystemCallArchitectures=native
    SystemCallFilter=@system-service

    [Install]
    WantedBy=multi-user.target

    """
  }

  /// systemd makes its own state folder; any other must be opened in the read-only file system.
  private var storage: String {
    home.path == HomeLayout.defaultPath
      ? "StateDirectory=liandong\nStateDirectoryMode=0700"
      : "ReadWritePaths=\(Self.quoted(home.path, inCommand: false))"
  }

  /// A path as systemd reads it: quoted where it must be, `%` doubled, and `$` in a command.
  private static func quoted(_ path: String, inCommand: Bool) -> String {
    var text = ""
    var isPlain = true
    for character in path {
      switch character {
      case "%": text += "%%"
      case "$": text += inCommand ? "$$" : "$"
      case "\\", "\"":
        text += "\\\(character)"
        isPlain = false
      case " ", "'", ";":
        text.append(character)
        isPlain = false
      default: text.append(character)
      }
    }
    return isPlain ? text : "\"\(text)\""
  }
}
