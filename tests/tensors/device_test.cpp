#include "fer/tensors/device.h"

#include <torch/cuda.h>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::tensors {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("cpu is the CPU, auto the first GPU where there is one", "[tensors][unit]") {
  CHECK(resolve_device("cpu").is_cpu());
  const bool gpu = torch::cuda::is_available();
  CHECK(resolve_device("auto").is_cuda() == gpu);
  if (gpu) CHECK(resolve_device("cuda") == resolve_device("cuda:0"));
}

TEST_CASE("a GPU that is not there is an error that says how many there are", "[tensors][unit]") {
  const auto count = std::to_string(torch::cuda::device_count());
  for (const std::string name : {"cuda:64", "cuda:2147483647"}) {
    CHECK_THROWS_MATCHES(resolve_device(name), Error,
                         MessageMatches(ContainsSubstring("\"device\" " + name) &&
                                        ContainsSubstring(count + " CUDA devices")));
  }
}

TEST_CASE("anything else is an error that lists what is allowed", "[tensors][unit]") {
  for (const char* name :
       {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:1x", "cuda:x", "cuda1", "cuda:99999999999"}) {
    CAPTURE(name);
    CHECK_THROWS_MATCHES(resolve_device(name), Error,
                         MessageMatches(ContainsSubstring("\"device\"") &&
                                        ContainsSubstring("auto, cpu, cuda and cuda:N")));
  }
}

}  // namespace
}  // namespace fer::tensors
