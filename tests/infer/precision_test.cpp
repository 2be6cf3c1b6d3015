#include "fer/infer/precision.h"

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::infer {
namespace {

TEST_CASE("Auto is bfloat16 on processors that multiply it, and float32 on others",
          "[infer][unit]") {
  const bool has_bfloat16 = runtime::runs_bfloat16(runtime::chosen_instructions());
  CHECK(resolved(Precision::automatic) ==
        (has_bfloat16 ? runtime::Precision::bfloat16 : runtime::Precision::float32));
  CHECK(resolved(Precision::float32) == runtime::Precision::float32);
}

TEST_CASE("Asked for where the processor has none, bfloat16 is an error", "[infer][unit]") {
  if (runtime::runs_bfloat16(runtime::chosen_instructions())) {
    CHECK(resolved(Precision::bfloat16) == runtime::Precision::bfloat16);
  } else {
    CHECK_THROWS_AS(resolved(Precision::bfloat16), Error);
  }
}

TEST_CASE("Precisions are known by name", "[infer][unit]") {
  CHECK(precision_named("auto") == Precision::automatic);
  CHECK(precision_named("bfloat16") == Precision::bfloat16);
  CHECK_THROWS_AS(precision_named("float64"), Error);
}

}  // namespace
}  // namespace fer::infer
