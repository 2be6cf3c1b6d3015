#include "fer/ranks/launcher.h"

#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

using namespace fer;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using ranks::Place;
using ranks::Variables;

TEST_CASE("Each launcher's variables say rank, size and where rank 0 is", "[ranks][unit]") {
  struct Row {
    Variables variables;
    std::string launcher;
    int rank, size;
    std::string address;
    int port;
  };
  const std::vector<Row> rows = {
      {{{"RANK", "1"}, {"WORLD_SIZE", "4"}, {"MASTER_ADDR", "alpha"}},
       "by hand",
       1,
       4,
       "alpha",
       29500},
      {{{"RANK", "0"}, {"WORLD_SIZE", "1"}}, "by hand", 0, 1, "127.0.0.1", 29500},
      {{{"RANK", "3"},
        {"LOCAL_RANK", "1"},
        {"WORLD_SIZE", "4"},
        {"MASTER_ADDR", "10.0.0.7"},
        {"MASTER_PORT", "41234"},
        {"TORCHELASTIC_RUN_ID", "none"}},
       "torchrun",
       3,
       4,
       "10.0.0.7",
       41234},
      {{{"OMPI_COMM_WORLD_RANK", "1"},
        {"OMPI_COMM_WORLD_SIZE", "2"},
        {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}},
       "Open MPI",
       1,
       2,
       "127.0.0.1",
       29500},
      {{{"OMPI_COMM_WORLD_RANK", "5"},
        {"OMPI_COMM_WORLD_SIZE", "8"},
        {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"},
        {"MASTER_ADDR", "beta"},
        {"MASTER_PORT", "1"}},
       "Open MPI",
       5,
       8,
       "beta",
       1},
      {{{"SLURM_PROCID", "2"},
        {"SLURM_NTASKS", "3"},
        {"SLURM_STEP_ID", "0"},
        {"SLURM_NODELIST", "node[03-05]"}},
       "Slurm",
       2,
       3,
       "node03",
       29500},
      // A job step with fewer tasks than the job.
      {{{"SLURM_PROCID", "0"},
        {"SLURM_NTASKS", "8"},
        {"SLURM_STEP_NUM_TASKS", "2"},
        {"SLURM_STEPID", "1"},
        {"SLURM_STEP_NODELIST", "b7"},
        {"SLURM_NODELIST", "a[1-8]"}},
       "Slurm",
       0,
       2,
       "b7",
       29500},
      // torchrun or mpirun started by srun: the inner launcher counts.
      {{{"RANK", "0"},
        {"WORLD_SIZE", "2"},
        {"MASTER_ADDR", "alpha"},
        {"TORCHELASTIC_RUN_ID", "7"},
        {"SLURM_PROCID", "0"},
        {"SLURM_NTASKS", "1"},
        {"SLURM_STEP_ID", "0"}},
       "torchrun",
       0,
       2,
       "alpha",
       29500},
      {{{"OMPI_COMM_WORLD_RANK", "1"},
        {"OMPI_COMM_WORLD_SIZE", "2"},
        {"SLURM_PROCID", "0"},
        {"SLURM_NTASKS", "1"},
        {"SLURM_STEP_ID", "0"}},
       "Open MPI",
       1,
       2,
       "127.0.0.1",
       29500},
  };
  for (const Row& row : rows) {
    const auto place = ranks::place_of(row.variables);
    REQUIRE(place);
    CAPTURE(row.launcher, row.rank, row.address);
    CHECK(place->launcher == row.launcher);
    CHECK(place->rank == row.rank);
    CHECK(place->size == row.size);
    CHECK(place->address == row.address);
    CHECK(place->port == row.port);
    CHECK_FALSE(place->started_here);
  }
}

TEST_CASE("A process that no launcher started is alone", "[ranks][unit]") {
  CHECK_FALSE(ranks::place_of({}));
  CHECK_FALSE(
      ranks::place_of({{"MASTER_ADDR", "alpha"}, {"MASTER_PORT", "7"}, {"LOCAL_RANK", "0"}}));
  CHECK_FALSE(ranks::place_of({{"RANK", ""}, {"WORLD_SIZE", ""}}));
  // sbatch runs its script once, with these variables.
  CHECK_FALSE(
      ranks::place_of({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_NODELIST", "a"}}));
}

TEST_CASE("The first machine of Slurm's list is where rank 0 is", "[ranks][unit]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"node7", "node7"},
      {"alpha,beta", "alpha"},
      {"node[03-05,9],x1", "node03"},
      {"node[12,14]", "node12"},
      {"rack1-n[1-2].cluster", "rack1-n1.cluster"},
      {"gpu-a[001-128]", "gpu-a001"}};
  for (const auto& [list, first] : rows) {
    const auto place = ranks::place_of({{"SLURM_PROCID", "0"},
                                        {"SLURM_NTASKS", "2"},
                                        {"SLURM_STEP_ID", "0"},
                                        {"SLURM_NODELIST", list}});
    REQUIRE(place);
    CHECK(place->address == first);
  }
}

TEST_CASE("Variables that are half set or cannot be are errors that name them", "[ranks][unit]") {
  struct Row {
    Variables variables;
    std::string says;
  };
  const Variables slurm = {{"SLURM_PROCID", "0"}, {"SLURM_STEP_ID", "0"}};
  const std::vector<Row> rows = {
      {{{"RANK", "1"}}, "RANK is set to '1', and WORLD_SIZE is not"},
      {{{"WORLD_SIZE", "2"}}, "WORLD_SIZE is set to '2', and RANK is not"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2"}}, "MASTER_ADDR is not set"},
      {{{"RANK", "2"}, {"WORLD_SIZE", "2"}},
       "RANK is '2'; allowed: whole numbers from 0 to 1, because WORLD_SIZE is 2"},
      {{{"RANK", "-1"}, {"WORLD_SIZE", "2"}}, "RANK is '-1'"},
      {{{"RANK", "one"}, {"WORLD_SIZE", "2"}}, "RANK is 'one'"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "0"}},
       "WORLD_SIZE is '0'; allowed: whole numbers from 1 to 4096"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2e3"}}, "WORLD_SIZE is '2e3'"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "65536"}},
       "MASTER_PORT is '65536'; allowed: whole numbers from 1 to 65535"},
      {{{"OMPI_COMM_WORLD_RANK", "0"}}, "OMPI_COMM_WORLD_SIZE is not"},
      {{{"OMPI_COMM_WORLD_RANK", "0"},
        {"OMPI_COMM_WORLD_SIZE", "4"},
        {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}},
       "mpirun -x MASTER_ADDR=machine"},
      {slurm, "SLURM_NTASKS is not"},
      {{{"SLURM_PROCID", "0"}, {"SLURM_STEP_ID", "0"}, {"SLURM_NTASKS", "2"}}, "SLURM_NODELIST"},
      {{{"SLURM_PROCID", "0"},
        {"SLURM_STEP_ID", "0"},
        {"SLURM_NTASKS", "2"},
        {"SLURM_NODELIST", "node["}},
       "'node['"},
  };
  for (const Row& row : rows) {
    CHECK_THROWS_MATCHES(ranks::place_of(row.variables), Error,
                         MessageMatches(ContainsSubstring(row.says)));
  }
}

TEST_CASE("A torchrun that listens itself is met there, and each restart apart", "[ranks][unit]") {
  Variables variables = {{"RANK", "0"},
                         {"WORLD_SIZE", "2"},
                         {"MASTER_ADDR", "a"},
                         {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                         {"TORCHELASTIC_RESTART_COUNT", "0"}};
  const Place first = ranks::place_of(variables).value();
  CHECK(first.store_is_there);
  variables["TORCHELASTIC_RESTART_COUNT"] = "1";
  CHECK(ranks::place_of(variables).value().attempt != first.attempt);
}

TEST_CASE("Processes that are started here find their places", "[ranks][unit]") {
  const Place place = ranks::place_of(ranks::variables_for(2, 3, 4567)).value();
  CHECK(place.started_here);
  CHECK(place.rank == 2);
  CHECK(place.size == 3);
  CHECK(place.address == "127.0.0.1");
  CHECK(place.port == 4567);
  CHECK_FALSE(place.store_is_there);
}
