#include "fer/ranks/machine.h"

#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

using namespace fer;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using ranks::Machine;

TEST_CASE("Ranks that may use the same cores of a machine share them", "[ranks][unit]") {
  const std::vector<Machine> machines = {{"alpha", "k1", "0,1,", "10.0.0.1"},
                                         {"alpha", "k1", "0,1,", "10.0.0.1"},
                                         {"alpha", "k1", "2,3,", "10.0.0.1"},
                                         {"beta", "k2", "0,1,", "10.0.0.2"}};
  CHECK(ranks::sharing_cores(machines, 0) == 2);
  CHECK(ranks::sharing_cores(machines, 2) == 1);
  CHECK(ranks::sharing_cores(machines, 3) == 1);
  CHECK(ranks::describe(machines) == "3 on alpha, 1 on beta");
}

TEST_CASE("Ranks on one machine listen where only that machine sees it", "[ranks][unit]") {
  const std::vector<Machine> here = {{"alpha", "k1", "", "127.0.0.1"},
                                     {"alpha", "k1", "", "127.0.0.1"}};
  CHECK(ranks::address_among(here, 0) == "127.0.0.1");
  const std::vector<Machine> apart = {{"alpha", "k1", "", "10.0.0.1"},
                                      {"beta", "k2", "", "10.0.0.2"}};
  CHECK(ranks::address_among(apart, 1) == "10.0.0.2");
}

TEST_CASE("A machine is the same behind its text", "[ranks][unit]") {
  const Machine own = ranks::this_machine("127.0.0.1", 29500);
  CHECK(own.address == "127.0.0.1");
  CHECK_FALSE(own.name.empty());
  CHECK_FALSE(own.cores.empty());
  const Machine read = ranks::machine_from_text(ranks::to_text(own));
  CHECK(read.name == own.name);
  CHECK(read.kernel == own.kernel);
  CHECK(read.cores == own.cores);
  CHECK(read.address == own.address);
  CHECK_THROWS_MATCHES(ranks::machine_from_text("[]"), Error,
                       MessageMatches(ContainsSubstring("another rank")));
  CHECK_THROWS_MATCHES(ranks::this_machine("no.such.machine.invalid", 1), Error,
                       MessageMatches(ContainsSubstring("MASTER_ADDR")));
}
