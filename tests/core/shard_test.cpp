#include "fer/core/shard.h"

#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer {
namespace {

std::string refused_shard(const std::string& text, const Variables& variables = {}) {
  try {
    return shard_of(text, variables).text();
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("Each name belongs to one shard, and all shards are about as large", "[core][unit]") {
  constexpr std::int64_t kShards = 16;
  std::vector<int> sizes(kShards);
  for (int i = 0; i < 16'000; ++i) {
    const std::string name = "faces/" + std::to_string(i) + ".png";
    int takers = 0;
    for (std::int64_t number = 1; number <= kShards; ++number) {
      if (!Shard{number, kShards}.takes(name)) continue;
      ++takers;
      ++sizes[static_cast<std::size_t>(number - 1)];
    }
    REQUIRE(takers == 1);
  }
  // 1,000 each, with a standard deviation of 31.
  for (const int size : sizes) CHECK((size > 800 && size < 1'200));
}

TEST_CASE("The same names are in the same shard on every machine", "[core][unit]") {
  // XXH3-64 of "abc" is 78af5f94892f3950 (hash_test.cpp): 0 modulo 16.
  CHECK(Shard{1, 16}.takes("abc"));
  CHECK_FALSE(Shard{2, 16}.takes("abc"));
}

TEST_CASE("A whole takes everything", "[core][unit]") {
  CHECK(Shard{}.whole());
  CHECK(Shard{}.takes("anything"));
  CHECK(shard_of("", {}).whole());
  CHECK(shard_of("1/1", {}).whole());
}

TEST_CASE("A shard is named by its number and how many there are", "[core][unit]") {
  CHECK(refused_shard("3/16") == "3 of 16");
  for (const std::string text : {"3", "3/", "/16", "a/b", "3/16/2", " 3/16", "-1/4", "+3/16"}) {
    CAPTURE(text);
    const std::string said = refused_shard(text);
    CHECK(said.starts_with("\"shard\""));
    CHECK(said.find("allowed: ") != std::string::npos);
  }
  CHECK(refused_shard("0/4").starts_with("\"shard\" 0/4: there is no such shard; allowed: "));
  CHECK(refused_shard("5/4").starts_with("\"shard\" 5/4: there is no such shard; allowed: "));
  CHECK(refused_shard("1/1000001").find("1,000,000") != std::string::npos);
}

TEST_CASE("A launcher's variables say which shard it is", "[core][unit]") {
  struct Row {
    Variables variables;
    std::string text;
  };
  const std::vector<Row> rows = {
      {{{"RANK", "0"}, {"WORLD_SIZE", "4"}}, "1 of 4"},
      {{{"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "4"}}, "4 of 4"},
      {{{"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "2"}}, "2 of 2"},
      {{{"SLURM_ARRAY_TASK_ID", "7"},
        {"SLURM_ARRAY_TASK_MIN", "0"},
        {"SLURM_ARRAY_TASK_MAX", "15"}},
       "8 of 16"},
      // In an array's job, srun starts one process for the whole shard.
      {{{"SLURM_ARRAY_TASK_ID", "2"},
        {"SLURM_ARRAY_TASK_MIN", "1"},
        {"SLURM_ARRAY_TASK_MAX", "3"},
        {"SLURM_PROCID", "0"},
        {"SLURM_STEP_NUM_TASKS", "1"}},
       "2 of 3"},
  };
  for (const Row& row : rows) CHECK(refused_shard("auto", row.variables) == row.text);
}

TEST_CASE("Variables that do not say a shard are named", "[core][unit]") {
  CHECK(refused_shard("auto").find("no launcher") != std::string::npos);
  CHECK(refused_shard("auto", {{"RANK", "0"}}).find("WORLD_SIZE is not set") != std::string::npos);
  CHECK(refused_shard("auto", {{"RANK", "x"}, {"WORLD_SIZE", "4"}}).find("RANK is 'x'") !=
        std::string::npos);
  CHECK(refused_shard("auto", {{"RANK", "4"}, {"WORLD_SIZE", "4"}}).find("5 of 4") !=
        std::string::npos);
  // --array=1,5,9,20; --array=3-4, which does two shards of more again; srun -n 4 in an array.
  CHECK(refused_shard("auto", {{"SLURM_ARRAY_TASK_ID", "5"},
                               {"SLURM_ARRAY_TASK_MIN", "1"},
                               {"SLURM_ARRAY_TASK_MAX", "20"},
                               {"SLURM_ARRAY_TASK_COUNT", "4"}})
            .find("does not have all numbers") != std::string::npos);
  CHECK(refused_shard("auto", {{"SLURM_ARRAY_TASK_ID", "3"},
                               {"SLURM_ARRAY_TASK_MIN", "3"},
                               {"SLURM_ARRAY_TASK_MAX", "4"}})
            .find("does not have all numbers") != std::string::npos);
  CHECK(refused_shard("auto", {{"SLURM_ARRAY_TASK_ID", "1"},
                               {"SLURM_ARRAY_TASK_MIN", "1"},
                               {"SLURM_ARRAY_TASK_MAX", "4"},
                               {"SLURM_STEP_NUM_TASKS", "4"}})
            .find("would all do the same shard") != std::string::npos);
  CHECK(refused_shard("auto", {{"RANK", "9223372036854775807"}, {"WORLD_SIZE", "4"}})
            .find("allowed: a whole number from 0 to 1,000,000") != std::string::npos);
}

TEST_CASE("A shard's file says which shard it is, and sorts by it", "[core][unit]") {
  CHECK(path_of_shard("out/faces.jsonl", {3, 16}) == "out/faces.03-of-16.jsonl");
  CHECK(path_of_shard("faces", {3, 4}) == "faces.3-of-4");
  CHECK(path_of_shard("faces.jsonl", {}) == "faces.1-of-1.jsonl");
  const auto file = shard_file_of("out/faces.03-of-16.jsonl");
  REQUIRE(file);
  CHECK(file->shard.number == 3);
  CHECK(file->shard.count == 16);
  CHECK(file->whole == "out/faces.jsonl");
  CHECK(shard_file_of("faces.3-of-4")->whole == "faces");
  for (const char* other : {"faces.jsonl", "faces.0-of-4.jsonl", "faces.5-of-4.csv", "3-of-4.csv",
                            "faces.3-of-4.tar.gz", "faces.99999999-of-4"}) {
    CHECK_FALSE(shard_file_of(other));
  }
}

}  // namespace fer
