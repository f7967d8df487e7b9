package io.fullhouse.deploy;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fullhouse.gateway.language.Message;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The arrows between the packages, each with its reason. Those between modules are in the poms. */
@AnalyzeClasses(packages = "io.fullhouse", importOptions = ArchitectureTest.WithoutTests.class)
final class ArchitectureTest {
  private static final String MODEL = "io.fullhouse.model..";
  private static final String REDIS = "io.fullhouse.redis..";
  private static final String GATEWAY = "io.fullhouse.gateway..";
  private static final String COUNTER = "io.fullhouse.counter..";
  private static final String SCALER = "io.fullhouse.scaler..";
  private static final String DEPLOY = "io.fullhouse.deploy..";
  private static final String SIMULATOR = "io.fullhouse.simulator..";

  private static final String LETTUCE = "io.lettuce..";
  private static final String AWS = "software.amazon..";
  private static final String DROPWIZARD = "io.dropwizard..";

  /** Leaves out test classes, those packed as fixtures too. */
  static final class WithoutTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static void every_package_of_the_system_is_looked_at(JavaClasses classes) {
    assertThat(packages(classes))
        .contains(
            "io.fullhouse.model",
            "io.fullhouse.redis",
            "io.fullhouse.gateway",
            "io.fullhouse.counter",
            "io.fullhouse.scaler",
            "io.fullhouse.deploy",
            "io.fullhouse.simulator");
  }

  @ArchTest
  static void every_package_says_that_null_is_the_exception(JavaClasses classes) {
    assertThat(classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet()))
        .allMatch(javaPackage -> javaPackage.isAnnotatedWith(NullMarked.class));
  }

  private static Set<String> packages(JavaClasses classes) {
    return classes.stream()
        .map(JavaClass::getPackage)
        .map(JavaPackage::getName)
        .collect(Collectors.toSet());
  }

  @ArchTest
  static final ArchRule the_model_knows_nothing_of_redis =
      noClasses()
          .that()
          .resideInAPackage(MODEL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(REDIS, LETTUCE, AWS, DROPWIZARD)
          .because("events and ids are the words of every process, whatever carries them");

  @ArchTest
  static final ArchRule the_wire_knows_no_service =
      noClasses()
          .that()
          .resideInAnyPackage(MODEL, REDIS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GATEWAY, COUNTER, SCALER, DEPLOY, SIMULATOR)
          .because("what all services share must not change with one of them");

  @ArchTest
  static final ArchRule the_gateway_stands_alone =
      noClasses()
          .that()
          .resideInAPackage(GATEWAY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(COUNTER, SCALER, DEPLOY, SIMULATOR)
          .because("each service deploys, rolls and fails on its own");

  @ArchTest
  static final ArchRule the_counter_stands_alone =
      noClasses()
          .that()
          .resideInAPackage(COUNTER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GATEWAY, SCALER, DEPLOY, SIMULATOR)
          .because("each service deploys, rolls and fails on its own");

  @ArchTest
  static final ArchRule the_scaler_stands_alone =
      noClasses()
          .that()
          .resideInAPackage(SCALER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GATEWAY, COUNTER, DEPLOY, SIMULATOR)
          .because("each service deploys, rolls and fails on its own");

  @ArchTest
  static final ArchRule the_launcher_runs_services_as_processes =
      noClasses()
          .that()
          .resideInAPackage(DEPLOY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GATEWAY, COUNTER, SCALER)
          .because("what runs here must be the jars that run in production");

  @ArchTest
  static final ArchRule the_simulator_knows_nothing_of_fullhouse =
      noClasses()
          .that()
          .resideInAPackage(SIMULATOR)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(MODEL, REDIS, GATEWAY, COUNTER, SCALER, DEPLOY)
          .because("it stands for AWS: an idea it shared with us would never be put to the test");

  @ArchTest
  static final ArchRule only_the_wire_and_the_services_speak_to_redis =
      noClasses()
          .that()
          .resideOutsideOfPackages(REDIS, GATEWAY, COUNTER, SCALER)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(LETTUCE)
          .because("every key has known writers, and none of them is a launcher or a simulator");

  @ArchTest
  static final ArchRule only_gateway_and_scaler_speak_to_aws =
      noClasses()
          .that()
          .resideOutsideOfPackages(GATEWAY, SCALER)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(AWS)
          .because(
              "counting must go on when AWS does not, and the simulator must not be built of"
                  + " what it is to test");

  @ArchTest
  static final ArchRule rules_of_the_show_are_plain_java =
      noClasses()
          .that(nameMatching("io\\.fullhouse\\.(scaler\\.Scaling|counter\\.\\w*Model).*"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(REDIS, LETTUCE, AWS, DROPWIZARD)
          .allowEmptyShould(true)
          .because(
              "decisions and the fold are functions: tests and audits run them without servers");

  @ArchTest
  static final ArchRule one_logging_api =
      NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because("SLF4J alone is configured");

  @ArchTest
  static final ArchRule wiring_is_written_down =
      NO_CLASSES_SHOULD_USE_FIELD_INJECTION.because(
          "constructors, called in run() in reading order, are the wiring");

  @ArchTest
  static final ArchRule only_the_words_of_others_are_in_one_language =
      noClasses()
          .that()
          .resideInAPackage(GATEWAY)
          .and()
          .resideOutsideOfPackage("io.fullhouse.gateway.language")
          .and()
          .doNotHaveSimpleName("NoSeat") // an operator's, at closed doors
          .and()
          .doNotHaveSimpleName("ScalersWords") // those of a scaler of another version
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Message.Quoted.class)
          .because("what we say ourselves is in the catalogue, in every language");

  @ArchTest
  static final ArchRule only_a_refusal_is_put_into_words =
      noClasses()
          .that()
          .resideInAPackage(GATEWAY)
          .and()
          .doNotHaveSimpleName("Refusal")
          .and()
          .doNotHaveSimpleName("Failure") // around it
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.fullhouse.gateway.http.Envelope$Problem")
          .because("a message that is made elsewhere is in one language");
}
