#include "fer/ranks/machine.h"

#include <netdb.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::ranks {

namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) {
    throw Error("the machine of rank 0, " + quote(host) +
                " (MASTER_ADDR), is not known here: " + ::gai_strerror(code));
  }
  return {found, &::freeaddrinfo};
}

// This machine's address towards `target`, without sending anything; empty if there is no route.
std::string own_end(const addrinfo& target) {
  const int socket = ::socket(target.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return "";
  sockaddr_storage own{};
  socklen_t size = sizeof(own);
  auto* address = reinterpret_cast<sockaddr*>(&own);
  const bool known = ::connect(socket, target.ai_addr, target.ai_addrlen) == 0 &&
                     ::getsockname(socket, address, &size) == 0;
  ::close(socket);
  std::array<char, NI_MAXHOST> text{};
  if (!known ||
      ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
    return "";
  }
  return text.data();
}

std::string address_towards(const std::string& host, int port) {
  const Addresses targets = resolve(host, port);
  for (const addrinfo* target = targets.get(); target != nullptr; target = target->ai_next) {
    std::string own = own_end(*target);
    if (!own.empty()) return own;
  }
  throw Error("there is no way from this machine to that of rank 0, " + quote(host));
}

bool stays_here(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string own_cores() {
  cpu_set_t cores;
  if (::sched_getaffinity(0, sizeof(cores), &cores) != 0) return "";
  std::string text;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &cores)) text += std::to_string(core) + ",";
  }
  return text;
}

std::string kernel_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  return std::getline(file, id) ? id : host_name();
}

}  // namespace

Machine this_machine(const std::string& host, int port) {
  return {host_name(), kernel_id(), own_cores(), address_towards(host, port)};
}

std::string to_text(const Machine& machine) {
  return nlohmann::json{{"name", machine.name},
                        {"kernel", machine.kernel},
                        {"cores", machine.cores},
                        {"address", machine.address}}
      .dump();
}

Machine machine_from_text(const std::string& text) {
  try {
    const auto json = nlohmann::json::parse(text);
    return {json.at("name").get<std::string>(), json.at("kernel").get<std::string>(),
            json.at("cores").get<std::string>(), json.at("address").get<std::string>()};
  } catch (const nlohmann::json::exception&) {
    throw Error("another rank says of itself " + quote(text) +
                ": it is no rank of this program's version");
  }
}

std::string address_among(const std::vector<Machine>& machines, std::size_t rank) {
  const std::string& own = machines.at(rank).address;
  if (!stays_here(own)) return own;
  for (const Machine& other : machines) {
    if (!stays_here(other.address)) return address_towards(other.address, 1);
  }
  return own;
}

int sharing_cores(const std::vector<Machine>& machines, std::size_t rank) {
  const Machine& own = machines.at(rank);
  return static_cast<int>(
      std::count_if(machines.begin(), machines.end(), [&](const Machine& other) {
        return other.kernel == own.kernel && other.cores == own.cores;
      }));
}

std::string describe(const std::vector<Machine>& machines) {
  std::vector<std::pair<std::string, int>> counts;
  for (const Machine& machine : machines) {
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& count) { return count.first == machine.name; });
    known == counts.end() ? void(counts.emplace_back(machine.name, 1)) : void(++known->second);
  }
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(std::to_string(count) + " on " + name);
  return join(parts, ", ");
}

}  // namespace fer::ranks
