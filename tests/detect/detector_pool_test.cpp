#include "fer/detect/detector_pool.h"

#include <optional>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::detect {
namespace {

class IdleDetector final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat&) override { return {}; }
};

TEST_CASE("A pool opens one detector at once, and more when they are wanted together",
          "[detect][unit]") {
  int opened = 0;
  DetectorPool pool(
      [&] {
        ++opened;
        return std::make_unique<IdleDetector>();
      },
      2);
  CHECK(opened == 1);
  { const DetectorPool::Lease one(pool); }
  { const DetectorPool::Lease again(pool); }
  CHECK(opened == 1);
  const Detector* second = nullptr;
  {
    const DetectorPool::Lease first(pool);
    const DetectorPool::Lease other(pool);
    CHECK(&*first != &*other);
    second = &*other;
  }
  CHECK(opened == 2);
  const DetectorPool::Lease first(pool);
  const DetectorPool::Lease other(pool);
  CHECK((&*first == second || &*other == second));
  CHECK(opened == 2);
}

TEST_CASE("A detector that cannot be opened is an error at once, a further one for who wants it",
          "[detect][unit]") {
  int left = 0;
  const auto open = [&]() -> std::unique_ptr<Detector> {
    if (left-- <= 0) throw Error("no detector");
    return std::make_unique<IdleDetector>();
  };
  CHECK_THROWS_AS(DetectorPool(open, 2), Error);
  left = 1;
  DetectorPool pool(open, 2);
  const DetectorPool::Lease first(pool);
  CHECK_THROWS_AS(DetectorPool::Lease(pool), Error);
  left = 1;  // it is tried again
  CHECK_NOTHROW(DetectorPool::Lease(pool));
}

}  // namespace
}  // namespace fer::detect
