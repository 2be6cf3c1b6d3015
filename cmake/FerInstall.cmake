# cmake --install and find_package(fer).
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

install(TARGETS fer_core fer_graph fer_runtime fer_base fer EXPORT ferTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
# The programs find LibTorch where it was found at build time.
set_target_properties(${FER_PROGRAMS} PROPERTIES INSTALL_RPATH "${LIBTORCH_ROOT}/lib")
install(TARGETS ${FER_PROGRAMS} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(program IN LISTS FER_PROGRAMS)
  install(FILES "${FER_COMPLETIONS}/${program}"
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions OPTIONAL)
  install(FILES "${FER_COMPLETIONS}/_${program}"
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions OPTIONAL)
endforeach()
install(DIRECTORY include/fer DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
set(FER_DATA_DIR ${CMAKE_INSTALL_DATADIR}/fer)
install(DIRECTORY models/ DESTINATION ${FER_DATA_DIR}/models OPTIONAL)
# CenterFace's file, where the bootstrap fetched it, with its licence (MIT) beside it.
install(DIRECTORY .deps/detectors/ DESTINATION ${FER_DATA_DIR}/detectors OPTIONAL)
install(DIRECTORY configs/ DESTINATION ${FER_DATA_DIR}/configs)
install(EXPORT ferTargets NAMESPACE fer:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer)
configure_package_config_file(cmake/ferConfig.cmake.in ferConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer
                              PATH_VARS FER_DATA_DIR)
write_basic_package_version_file(ferConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/ferConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/ferConfigVersion.cmake" cmake/FindLibTorch.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer)
