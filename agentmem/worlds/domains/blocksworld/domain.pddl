; Towers of blocks and one hand. All is seen.
(define (domain blocksworld)
  (:requirements :strips :typing)
  (:types block)
  (:predicates
    (on ?block - block ?under - block)
    (on-table ?block - block)
    (clear ?block - block)
    (holding ?block - block)
    (hand-empty))

  (:action pick-up
    :parameters (?block - block)
    :precondition (and (on-table ?block) (clear ?block) (hand-empty))
    :effect (and (holding ?block) (not (on-table ?block)) (not (clear ?block)) (not (hand-empty))))

  (:action put-down
    :parameters (?block - block)
    :precondition (holding ?block)
    :effect (and (on-table ?block) (clear ?block) (hand-empty) (not (holding ?block))))

  (:action stack
    :parameters (?block - block ?under - block)
    :precondition (and (holding ?block) (clear ?under))
    :effect (and (on ?block ?under) (clear ?block) (hand-empty) (not (holding ?block)) (not (clear ?under))))

  (:action unstack
    :parameters (?block - block ?under - block)
    :precondition (and (on ?block ?under) (clear ?block) (hand-empty))
    :effect (and (holding ?block) (clear ?under) (not (on ?block ?under)) (not (clear ?block)) (not (hand-empty)))))
