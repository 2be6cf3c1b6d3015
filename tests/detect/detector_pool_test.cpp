#include "fer/detect/detector_pool.h"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

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

// Counts the copies made of it.
class CopiedDetector final : public Detector {
 public:
  explicit CopiedDetector(int& made) : made_(&made) {}
  std::vector<DetectedFace> detect(const cv::Mat&) override { return {}; }
  std::function<std::unique_ptr<Detector>()> copies() const override {
    return [made = made_] {
      ++*made;
      return std::make_unique<CopiedDetector>(*made);
    };
  }

 private:
  int* made_;
};

TEST_CASE("A detector that has copies is opened once, however many are wanted", "[detect][unit]") {
  int opened = 0, copied = 0;
  DetectorPool pool(
      [&] {
        ++opened;
        return std::make_unique<CopiedDetector>(copied);
      },
      3);
  const DetectorPool::Lease first(pool);
  const DetectorPool::Lease second(pool);
  const DetectorPool::Lease third(pool);
  CHECK(opened == 1);
  CHECK(copied == 2);
}

TEST_CASE("The first detector that cannot be opened is an error, a further one is done without",
          "[detect][unit]") {
  std::atomic<int> left = 0, tried = 0;
  const auto open = [&]() -> std::unique_ptr<Detector> {
    ++tried;
    if (left-- <= 0) throw Error("no detector");
    return std::make_unique<IdleDetector>();
  };
  CHECK_THROWS_AS(DetectorPool(open, 3), Error);
  left = 1;
  tried = 0;
  DetectorPool pool(open, 3);
  auto first = std::make_unique<DetectorPool::Lease>(pool);
  const Detector* only = &**first;
  const Detector* got[2] = {};
  std::thread waiting[2];
  for (int i = 0; i < 2; ++i) {
    waiting[i] = std::thread([&, i] { got[i] = &*DetectorPool::Lease(pool); });
  }
  while (tried < 2) std::this_thread::yield();
  first.reset();  // now both have it, one after the other
  for (std::thread& some : waiting) some.join();
  CHECK(got[0] == only);
  CHECK(got[1] == only);
  const int so_far = tried;
  const DetectorPool::Lease again(pool);
  CHECK(tried == so_far);
}

}  // namespace
}  // namespace fer::detect
