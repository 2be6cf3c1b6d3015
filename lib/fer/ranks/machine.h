// What the ranks tell each other of where they run.
#pragma once

#include <string>
#include <vector>

namespace fer::ranks {

struct Machine {
  std::string name;     // for people
  std::string kernel;   // the same for all processes on one machine, and for no others
  std::string cores;    // those that the process may use
  std::string address;  // by which others reach it
};

// This process's. `address`: where its packets to `host` come from. @throws fer::Error where there
// is no way to `host`.
Machine this_machine(const std::string& host, int port);

std::string to_text(const Machine& machine);
// @throws fer::Error for a text that is none of to_text().
Machine machine_from_text(const std::string& text);

// Where rank `rank` is to listen for the others, all of whom have said theirs: a machine that found
// rank 0 on itself knows only now by which address it is reached from elsewhere.
std::string address_among(const std::vector<Machine>& machines, std::size_t rank);

// The processes that may use the very cores of that one, itself among them.
int sharing_cores(const std::vector<Machine>& machines, std::size_t rank);

// "2 on alpha, 1 on beta", in the order of ranks.
std::string describe(const std::vector<Machine>& machines);

}  // namespace fer::ranks
