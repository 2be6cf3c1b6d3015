#include "fer/infer/precision.h"

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/process_state.h"

namespace fer::infer {
namespace {

using Catch::Matchers::ContainsSubstring;
using runtime::Instructions;

model::ModelInfo with_scales() {
  model::ModelInfo info;
  info.eight_bit = {{{"conv2", 0.5}}, 10};
  return info;
}

TEST_CASE("Auto is bfloat16 on processors that multiply it, and float32 on others",
          "[infer][unit]") {
  for (const Instructions some : runtime::runnable_instructions()) {
    CAPTURE(runtime::name_of(some));
    const test::EnvironmentVariable forced("FER_CPU", std::string(runtime::name_of(some)));
    CHECK(resolved(Precision::automatic, {}, "m") == (runtime::runs_bfloat16(some)
                                                          ? runtime::Precision::bfloat16
                                                          : runtime::Precision::float32));
    CHECK(resolved(Precision::float32, with_scales(), "m") == runtime::Precision::float32);
  }
}

TEST_CASE("With scales, auto is int8 where that is faster; by itself, int8 is what is asked for",
          "[infer][unit]") {
  for (const Instructions some : runtime::runnable_instructions()) {
    CAPTURE(runtime::name_of(some));
    const test::EnvironmentVariable forced("FER_CPU", std::string(runtime::name_of(some)));
    const bool is_int8 =
        resolved(Precision::automatic, with_scales(), "m") == runtime::Precision::int8;
    CHECK(is_int8 == runtime::prefers_int8(some));
    CHECK(resolved(Precision::int8, with_scales(), "m") == runtime::Precision::int8);
  }
  // By matrix registers bfloat16 is faster.
  CHECK_FALSE(runtime::prefers_int8(Instructions::avx512_amx));
}

TEST_CASE("Int8 of a model without scales is an error that says how to get them", "[infer][unit]") {
  CHECK_THROWS_WITH(resolved(Precision::int8, {}, "some/m.safetensors"),
                    ContainsSubstring("some/m.safetensors") &&
                        ContainsSubstring("fer-model quantize") &&
                        ContainsSubstring("allowed: auto, float32, bfloat16"));
}

TEST_CASE("Asked for where the processor has none, bfloat16 is an error", "[infer][unit]") {
  for (const Instructions some : runtime::runnable_instructions()) {
    CAPTURE(runtime::name_of(some));
    const test::EnvironmentVariable forced("FER_CPU", std::string(runtime::name_of(some)));
    if (runtime::runs_bfloat16(some)) {
      CHECK(resolved(Precision::bfloat16, {}, "m") == runtime::Precision::bfloat16);
    } else {
      CHECK_THROWS_AS(resolved(Precision::bfloat16, {}, "m"), Error);
    }
  }
}

TEST_CASE("Detectors run in bfloat16 where it is asked for and there is some, never in int8",
          "[infer][unit]") {
  for (const Instructions some : runtime::runnable_instructions()) {
    CAPTURE(runtime::name_of(some));
    const test::EnvironmentVariable forced("FER_CPU", std::string(runtime::name_of(some)));
    const auto fast =
        runtime::runs_bfloat16(some) ? runtime::Precision::bfloat16 : runtime::Precision::float32;
    CHECK(precision_of_detectors(Precision::automatic) == fast);
    CHECK(precision_of_detectors(Precision::bfloat16) == fast);
    CHECK(precision_of_detectors(Precision::float32) == runtime::Precision::float32);
    CHECK(precision_of_detectors(Precision::int8) == runtime::Precision::float32);
  }
}

TEST_CASE("Precisions are known by name", "[infer][unit]") {
  CHECK(precision_named("auto") == Precision::automatic);
  CHECK(precision_named("bfloat16") == Precision::bfloat16);
  CHECK(precision_named("int8") == Precision::int8);
  CHECK_THROWS_AS(precision_named("float64"), Error);
  using runtime::Precision;
  CHECK(names_of({Precision::int8, Precision::float32, Precision::int8}) == "int8, float32");
}

}  // namespace
}  // namespace fer::infer
