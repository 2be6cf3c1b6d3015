// The machine of a rank, which the ranks tell each other.
#pragma once

#include <string>
#include <vector>

namespace fer::ranks {

struct Machine {
  std::string name;     // for messages
  std::string kernel;   // identifies the machine
  std::string cores;    // that the process may use
  std::string address;  // by which other ranks reach it
};

// The machine of this process. `address`: the sender of its packets to `host`. @throws fer::Error
// if there is no route to `host`.
Machine this_machine(const std::string& host, int port);

std::string to_text(const Machine& machine);
// @throws fer::Error for a text that is not from to_text().
Machine machine_from_text(const std::string& text);

// The address on which `rank` listens for the other ranks, given all machines: only these show by
// which address other machines reach a rank on rank 0's machine.
std::string address_among(const std::vector<Machine>& machines, std::size_t rank);

// The number of processes, including this one, that may use the same cores.
int sharing_cores(const std::vector<Machine>& machines, std::size_t rank);

// "2 on alpha, 1 on beta", in the order of ranks.
std::string describe(const std::vector<Machine>& machines);

}  // namespace fer::ranks
