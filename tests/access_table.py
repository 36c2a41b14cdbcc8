"""Who may do what: every address, every role, every answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field

# What everybody may ask for without signing in.
PUBLIC = {"healthz", "account_login", "account_logout", "account_inactive"}

ASKERS = ("anonymous", "staff", "head", "manager", "hr", "admin")

# Answers: a status; `login` is the way to sign in; `admin` the way to the administrators' door,
# which sends on to sign in, and answers 403 to whoever is signed in and no administrator.
TABLE = """
address                      object      how   anonymous staff head  manager hr    admin

home                         -           GET   login     200   200   200     200   200
home                         -           POST  login     405   405   405     405   405
healthz                      -           GET   200       200   200   200     200   200
healthz                      -           POST  405       405   405   405     405   405

account_login                -           GET   200       302   302   302     302   302
account_login                -           POST  200       302   302   302     302   302
account_logout               -           GET   302       200   200   200     200   200
account_logout               -           POST  302       302   302   302     302   302
account_inactive             -           GET   200       200   200   200     200   200
account_inactive             -           POST  405       405   405   405     405   405
account_change_password      -           GET   login     200   200   200     200   200
account_change_password      -           POST  login     200   200   200     200   200
account_reauthenticate       -           GET   login     200   200   200     200   200
account_reauthenticate       -           POST  login     200   200   200     200   200

staff:member_list            -           GET   login     403   200   403     200   200
staff:member_list            -           POST  login     405   405   405     405   405
staff:member_export          -           GET   login     403   200   403     200   200
staff:member_export          -           POST  login     403   200   403     200   200
staff:member_detail          staff       GET   login     200   200   404     200   200
staff:member_detail          staff       POST  login     405   405   405     405   405
staff:member_detail          colleague   GET   login     404   200   404     200   200
staff:member_detail          colleague   POST  login     405   405   405     405   405
staff:member_detail          under       GET   login     404   200   404     200   200
staff:member_detail          under       POST  login     405   405   405     405   405
staff:member_detail          head        GET   login     404   200   404     200   200
staff:member_detail          head        POST  login     405   405   405     405   405
staff:member_detail          manager     GET   login     404   404   200     200   200
staff:member_detail          manager     POST  login     405   405   405     405   405
staff:member_detail          person_b    GET   login     404   404   404     200   200
staff:member_detail          person_b    POST  login     405   405   405     405   405
staff:member_detail          to_come     GET   login     404   404   404     200   200
staff:member_detail          to_come     POST  login     405   405   405     405   405
staff:member_detail          missing     GET   login     404   404   404     404   404
staff:member_detail          missing     POST  login     405   405   405     405   405
staff:roster_export          xlsx        GET   login     403   403   403     200   200
staff:roster_export          xlsx        POST  login     403   403   403     200   200
staff:roster_export          no_format   GET   login     403   403   403     404   404
staff:roster_export          no_format   POST  login     403   403   403     404   404
staff:roster_template        -           GET   login     403   403   403     403   200
staff:roster_template        -           POST  login     405   405   405     405   405
staff:account_list           -           GET   login     403   403   403     403   200
staff:account_list           -           POST  login     405   405   405     405   405
staff:account_export         -           GET   login     403   403   403     403   200
staff:account_export         -           POST  login     403   403   403     403   200
staff:account_open           -           GET   login     405   405   405     405   405
staff:account_open           -           POST  login     403   403   403     403   200
staff:account_close          -           GET   login     405   405   405     405   405
staff:account_close          -           POST  login     403   403   403     403   302
staff:account_renew          -           GET   login     405   405   405     405   405
staff:account_renew          -           POST  login     403   403   403     403   200
staff:import_list            -           GET   login     403   403   403     403   200
staff:import_list            -           POST  login     405   405   405     405   405
staff:import_new             -           GET   login     403   403   403     403   200
staff:import_new             -           POST  login     403   403   403     403   200
staff:import_detail          roster      GET   login     403   403   403     403   200
staff:import_detail          roster      POST  login     405   405   405     405   405
staff:import_detail          missing_pk  GET   login     403   403   403     403   404
staff:import_detail          missing_pk  POST  login     405   405   405     405   405
staff:import_reading         roster      GET   login     403   403   403     403   302
staff:import_reading         roster      POST  login     403   403   403     403   302
staff:import_reading         kept        GET   login     403   403   403     403   200
staff:import_reading         kept        POST  login     403   403   403     403   302
staff:import_reading         missing_pk  GET   login     403   403   403     403   404
staff:import_reading         missing_pk  POST  login     403   403   403     403   404
staff:import_masters         kept        GET   login     403   403   403     403   200
staff:import_masters         kept        POST  login     403   403   403     403   302
staff:import_masters         missing_pk  GET   login     403   403   403     403   404
staff:import_masters         missing_pk  POST  login     403   403   403     403   404
staff:import_undo            applied     GET   login     405   405   405     405   405
staff:import_undo            applied     POST  login     403   403   403     403   302
staff:import_decide          roster      GET   login     405   405   405     405   405
staff:import_decide          roster      POST  login     403   403   403     403   302
staff:import_change          change      GET   login     403   403   403     403   200
staff:import_change          change      POST  login     403   403   403     403   200
staff:import_change          no_change   GET   login     403   403   403     403   404
staff:import_change          no_change   POST  login     403   403   403     403   404
staff:import_same_person     change      GET   login     405   405   405     405   405
staff:import_same_person     change      POST  login     403   403   403     403   302
staff:import_same_person     no_change   GET   login     405   405   405     405   405
staff:import_same_person     no_change   POST  login     403   403   403     403   404
staff:import_marked          kept        GET   login     403   403   403     403   200
staff:import_marked          kept        POST  login     405   405   405     405   405
staff:import_marked          roster      GET   login     403   403   403     403   404
staff:import_marked          roster      POST  login     405   405   405     405   405
staff:import_progress        token       GET   login     403   403   403     403   200
staff:import_progress        token       POST  login     405   405   405     405   405
staff:import_apply           roster      GET   login     405   405   405     405   405
staff:import_apply           roster      POST  login     403   403   403     403   302
staff:import_discard         roster      GET   login     405   405   405     405   405
staff:import_discard         roster      POST  login     403   403   403     403   302

staff:department_list        -           GET   login     403   200   200     200   200
staff:department_list        -           POST  login     405   405   405     405   405
staff:department_detail      unit_a      GET   login     403   200   200     200   200
staff:department_detail      unit_a      POST  login     405   405   405     405   405
staff:department_detail      unit_b      GET   login     403   200   200     200   200
staff:department_detail      unit_b      POST  login     405   405   405     405   405
staff:department_detail      unit_next   GET   login     403   404   404     200   200
staff:department_detail      unit_next   POST  login     405   405   405     405   405
staff:department_detail      missing_pk  GET   login     403   404   404     404   404
staff:department_detail      missing_pk  POST  login     405   405   405     405   405
staff:department_export      unit_a      GET   login     403   200   403     200   200
staff:department_export      unit_a      POST  login     403   200   403     200   200
staff:department_export      unit_b      GET   login     403   404   403     200   200
staff:department_export      unit_b      POST  login     403   404   403     200   200
staff:department_export      unit_next   GET   login     403   404   403     200   200
staff:department_export      unit_next   POST  login     403   404   403     200   200
staff:department_export      missing_pk  GET   login     403   404   403     404   404
staff:department_export      missing_pk  POST  login     403   404   403     404   404
staff:department_new         -           GET   login     403   403   403     403   200
staff:department_new         -           POST  login     403   403   403     403   302
staff:department_order       unit_b      GET   login     403   403   403     403   200
staff:department_order       unit_b      POST  login     403   403   403     403   302
staff:department_rename      unit_b      GET   login     403   403   403     403   200
staff:department_rename      unit_b      POST  login     403   403   403     403   302
staff:department_merge       unit_b      GET   login     403   403   403     403   200
staff:department_merge       unit_b      POST  login     403   403   403     403   302
staff:department_split       unit_b      GET   login     403   403   403     403   200
staff:department_split       unit_b      POST  login     403   403   403     403   302
staff:department_close       unit_next   GET   login     403   403   403     403   200
staff:department_close       unit_next   POST  login     403   403   403     403   302
staff:department_close       missing_pk  GET   login     403   403   403     403   404
staff:department_close       missing_pk  POST  login     403   403   403     403   404

training:index               -           GET   login     403   302   302     302   302
training:index               -           POST  login     405   405   405     405   405
training:plan                -           GET   login     403   200   200     200   200
training:plan                -           POST  login     405   405   405     405   405
training:plan_export         -           GET   login     403   200   200     200   200
training:plan_export         -           POST  login     403   200   200     200   200
training:period_edit         period      GET   login     403   403   403     200   200
training:period_edit         period      POST  login     403   403   403     302   302
training:period_edit         missing_pk  GET   login     403   403   403     404   404
training:period_edit         missing_pk  POST  login     403   403   403     404   404
training:calendar            -           GET   login     403   200   200     200   200
training:calendar            -           POST  login     405   405   405     405   405
training:calendar_year       -           GET   login     403   200   200     200   200
training:calendar_year       -           POST  login     405   405   405     405   405
training:calendar_year_export -           GET   login     403   200   200     200   200
training:calendar_year_export -           POST  login     403   200   200     200   200
training:course_list         -           GET   login     403   200   200     200   200
training:course_list         -           POST  login     405   405   405     405   405
training:course_export       -           GET   login     403   200   200     200   200
training:course_export       -           POST  login     403   200   200     200   200
training:course_new          -           GET   login     403   403   403     200   200
training:course_new          -           POST  login     403   403   403     302   302
training:course_detail       course      GET   login     403   200   200     200   200
training:course_detail       course      POST  login     405   405   405     405   405
training:course_detail       missing_pk  GET   login     403   404   404     404   404
training:course_detail       missing_pk  POST  login     405   405   405     405   405
training:course_edit         course      GET   login     403   403   403     200   200
training:course_edit         course      POST  login     403   403   403     302   302
training:course_edit         missing_pk  GET   login     403   403   403     404   404
training:course_edit         missing_pk  POST  login     403   403   403     404   404
training:offering_list       -           GET   login     403   403   403     200   200
training:offering_list       -           POST  login     405   405   405     405   405
training:offering_export     -           GET   login     403   403   403     200   200
training:offering_export     -           POST  login     403   403   403     200   200
training:offering_new        -           GET   login     403   403   403     200   200
training:offering_new        -           POST  login     403   403   403     302   302
training:offering_detail     offering    GET   login     403   403   403     200   200
training:offering_detail     offering    POST  login     405   405   405     405   405
training:participant_export  offering    GET   login     403   403   403     200   200
training:participant_export  offering    POST  login     403   403   403     200   200
training:participant_export  missing_pk  GET   login     403   403   403     404   404
training:participant_export  missing_pk  POST  login     403   403   403     404   404
training:offering_edit       offering    GET   login     403   403   403     200   200
training:offering_edit       offering    POST  login     403   403   403     302   302
training:offering_enrol      offering    GET   login     403   403   403     200   200
training:offering_enrol      offering    POST  login     403   403   403     302   302
training:offering_copy       offering    GET   login     403   403   403     200   200
training:offering_copy       offering    POST  login     403   403   403     302   302
training:offering_copy       missing_pk  GET   login     403   403   403     404   404
training:offering_copy       missing_pk  POST  login     403   403   403     404   404
training:offering_place      place       GET   login     403   403   403     200   200
training:offering_place      place       POST  login     403   403   403     302   302
training:offering_place      no_place    GET   login     403   403   403     404   404
training:offering_place      no_place    POST  login     403   403   403     404   404
training:offering_cancel     offering    GET   login     403   403   403     200   200
training:offering_cancel     offering    POST  login     403   403   403     302   302
training:offering_notice     called_off  GET   login     403   403   403     200   200
training:offering_notice     called_off  POST  login     405   405   405     405   405
training:offering_notice     offering    GET   login     403   403   403     404   404
training:offering_notice     offering    POST  login     405   405   405     405   405
training:team                -           GET   login     403   200   403     403   403
training:team                -           POST  login     405   405   405     405   405
training:team_export         -           GET   login     403   200   403     403   403
training:team_export         -           POST  login     403   200   403     403   403
training:team_signup         signing_up  GET   login     403   200   403     403   403
training:team_signup         signing_up  POST  login     403   302   403     403   403
training:team_signup         offering    GET   login     403   404   403     403   403
training:team_signup         offering    POST  login     403   404   403     403   403
training:team_withdraw       seat_a      GET   login     405   405   405     405   405
training:team_withdraw       seat_a      POST  login     403   302   403     403   403
training:team_withdraw       seat_b      GET   login     405   405   405     405   405
training:team_withdraw       seat_b      POST  login     403   404   403     403   403
training:offering_attendance offering    GET   login     403   403   403     200   200
training:offering_attendance offering    POST  login     403   403   403     302   302
training:evidence_mine       -           GET   login     200   200   200     200   200
training:evidence_mine       -           POST  login     405   405   405     405   405
training:evidence_new        -           GET   login     200   200   200     200   200
training:evidence_new        -           POST  login     302   302   302     302   302
training:evidence_edit       own_proof   GET   login     200   404   404     404   404
training:evidence_edit       own_proof   POST  login     302   404   404     404   404
training:evidence_edit       proof_b     GET   login     404   404   404     404   404
training:evidence_edit       proof_b     POST  login     404   404   404     404   404
training:evidence_withdraw   own_proof   GET   login     405   405   405     405   405
training:evidence_withdraw   own_proof   POST  login     302   404   404     302   302
training:evidence_withdraw   proof_b     GET   login     405   405   405     405   405
training:evidence_withdraw   proof_b     POST  login     404   404   404     302   302
training:evidence_list       -           GET   login     403   200   403     200   200
training:evidence_list       -           POST  login     405   405   405     405   405
training:evidence_export     -           GET   login     403   200   403     200   200
training:evidence_export     -           POST  login     403   200   403     200   200
training:evidence_detail     own_proof   GET   login     200   404   404     200   200
training:evidence_detail     own_proof   POST  login     405   405   405     405   405
training:evidence_detail     proof_b     GET   login     404   404   404     200   200
training:evidence_detail     proof_b     POST  login     405   405   405     405   405
training:evidence_detail     own_ojt     GET   login     200   200   404     200   200
training:evidence_detail     own_ojt     POST  login     405   405   405     405   405
training:evidence_detail     ojt_b       GET   login     404   404   404     200   200
training:evidence_detail     ojt_b       POST  login     405   405   405     405   405
training:evidence_detail     missing_pk  GET   login     404   404   404     404   404
training:evidence_detail     missing_pk  POST  login     405   405   405     405   405
training:evidence_file       own_proof   GET   login     200   404   404     200   200
training:evidence_file       own_proof   POST  login     405   405   405     405   405
training:evidence_file       proof_b     GET   login     404   404   404     200   200
training:evidence_file       proof_b     POST  login     405   405   405     405   405
training:evidence_file       own_ojt     GET   login     404   404   404     404   404
training:evidence_file       own_ojt     POST  login     405   405   405     405   405
training:evidence_confirm    own_proof   GET   login     405   405   405     405   405
training:evidence_confirm    own_proof   POST  login     403   404   404     302   302
training:evidence_confirm    own_ojt     GET   login     405   405   405     405   405
training:evidence_confirm    own_ojt     POST  login     403   302   404     302   302
training:evidence_confirm    ojt_b       GET   login     405   405   405     405   405
training:evidence_confirm    ojt_b       POST  login     404   404   404     302   302
training:evidence_return     own_proof   GET   login     405   405   405     405   405
training:evidence_return     own_proof   POST  login     403   404   404     200   200
training:evidence_return     own_ojt     GET   login     405   405   405     405   405
training:evidence_return     own_ojt     POST  login     403   200   404     200   200
training:evidence_return     ojt_b       GET   login     405   405   405     405   405
training:evidence_return     ojt_b       POST  login     404   404   404     200   200
training:evidence_work_use   -           GET   login     403   200   403     403   403
training:evidence_work_use   -           POST  login     403   302   403     403   403
training:ojt_list            -           GET   login     403   200   403     200   200
training:ojt_list            -           POST  login     405   405   405     405   405
training:ojt_export          -           GET   login     403   200   403     200   200
training:ojt_export          -           POST  login     403   200   403     200   200
training:ojt_new             ojt_place   GET   login     200   404   404     404   404
training:ojt_new             ojt_place   POST  login     302   404   404     404   404
training:ojt_new             missing_pk  GET   login     404   404   404     404   404
training:ojt_new             missing_pk  POST  login     404   404   404     404   404
training:ojt_edit            own_ojt     GET   login     200   404   404     404   404
training:ojt_edit            own_ojt     POST  login     302   404   404     404   404
training:ojt_edit            ojt_b       GET   login     404   404   404     404   404
training:ojt_edit            ojt_b       POST  login     404   404   404     404   404
training:certificate_issue   own_done    GET   login     405   405   405     405   405
training:certificate_issue   own_done    POST  login     302   404   404     302   302
training:certificate_issue   done_b      GET   login     405   405   405     405   405
training:certificate_issue   done_b      POST  login     404   404   404     302   302
training:certificate_detail  own_paper   GET   login     200   404   404     200   200
training:certificate_detail  own_paper   POST  login     405   405   405     405   405
training:certificate_detail  paper_b     GET   login     404   404   404     200   200
training:certificate_detail  paper_b     POST  login     405   405   405     405   405
training:certificate_batch   offering    GET   login     403   403   403     200   200
training:certificate_batch   offering    POST  login     403   403   403     302   302
training:certificate_batch   missing_pk  GET   login     403   403   403     404   404
training:certificate_batch   missing_pk  POST  login     403   403   403     404   404
training:certificate_verify  -           GET   login     403   403   403     200   200
training:certificate_verify  -           POST  login     405   405   405     405   405

training:outstanding_list    -           GET   login     403   200   403     200   200
training:outstanding_list    -           POST  login     405   405   405     405   405
training:outstanding_export  -           GET   login     403   200   403     200   200
training:outstanding_export  -           POST  login     403   200   403     200   200
training:outstanding_notice  -           GET   login     403   403   403     200   200
training:outstanding_notice  -           POST  login     403   403   403     302   302
training:outstanding_book    -           GET   login     403   403   403     200   200
training:outstanding_book    -           POST  login     403   403   403     302   302
training:reminder_list       -           GET   login     403   403   403     200   200
training:reminder_list       -           POST  login     405   405   405     405   405
training:reminder_export     -           GET   login     403   403   403     200   200
training:reminder_export     -           POST  login     403   403   403     200   200
training:reminder_sheet      -           GET   login     403   403   403     200   200
training:reminder_sheet      -           POST  login     403   403   403     302   302
training:mine                -           GET   login     200   200   200     200   200
training:mine                -           POST  login     405   405   405     405   405
training:mine_offering       own_seat    GET   login     200   200   200     200   200
training:mine_offering       own_seat    POST  login     405   405   405     405   405
training:mine_offering       offering    GET   login     404   404   404     404   404
training:mine_offering       offering    POST  login     405   405   405     405   405
training:mine_offering       missing_pk  GET   login     404   404   404     404   404
training:mine_offering       missing_pk  POST  login     405   405   405     405   405
training:mine_sign_up        own_seat    GET   login     405   405   405     405   405
training:mine_sign_up        own_seat    POST  login     302   302   302     302   302
training:mine_sign_up        offering    GET   login     405   405   405     405   405
training:mine_sign_up        offering    POST  login     404   404   404     404   404
training:mine_withdraw       own_seat    GET   login     405   405   405     405   405
training:mine_withdraw       own_seat    POST  login     404   404   302     404   404
training:mine_withdraw       offering    GET   login     405   405   405     405   405
training:mine_withdraw       offering    POST  login     404   404   404     404   404
training:mine_notice         own_seat    GET   login     404   404   200     404   404
training:mine_notice         own_seat    POST  login     404   404   302     404   404
training:mine_notice         offering    GET   login     404   404   404     404   404
training:mine_notice         offering    POST  login     404   404   404     404   404
training:report_edit         own_past    GET   login     404   404   200     404   404
training:report_edit         own_past    POST  login     404   404   302     404   404
training:report_edit         missing_pk  GET   login     404   404   404     404   404
training:report_edit         missing_pk  POST  login     404   404   404     404   404
training:report_list         -           GET   login     403   200   403     200   200
training:report_list         -           POST  login     405   405   405     405   405
training:report_export       -           GET   login     403   200   403     200   200
training:report_export       -           POST  login     403   200   403     200   200
training:report_detail       report_a    GET   login     404   200   404     200   200
training:report_detail       report_a    POST  login     405   405   405     405   405
training:report_detail       report_b    GET   login     404   404   404     200   200
training:report_detail       report_b    POST  login     405   405   405     405   405
training:report_detail       draft_a     GET   login     404   404   404     404   404
training:report_detail       draft_a     POST  login     405   405   405     405   405
training:report_detail       missing_pk  GET   login     404   404   404     404   404
training:report_detail       missing_pk  POST  login     405   405   405     405   405
training:report_read         report_a    GET   login     405   405   405     405   405
training:report_read         report_a    POST  login     404   302   404     403   403
training:report_read         report_b    GET   login     405   405   405     405   405
training:report_read         report_b    POST  login     404   404   404     403   403
training:report_read         draft_a     GET   login     405   405   405     405   405
training:report_read         draft_a     POST  login     404   404   404     404   404
training:survey_answer       own_past    GET   login     404   404   200     404   404
training:survey_answer       own_past    POST  login     404   404   302     404   404
training:survey_answer       missing_pk  GET   login     404   404   404     404   404
training:survey_answer       missing_pk  POST  login     404   404   404     404   404
training:survey_list         -           GET   login     403   200   200     200   200
training:survey_list         -           POST  login     405   405   405     405   405
training:survey_export       -           GET   login     403   200   200     200   200
training:survey_export       -           POST  login     403   200   200     200   200
training:survey_course       course      GET   login     403   200   200     200   200
training:survey_course       course      POST  login     405   405   405     405   405
training:survey_course       missing_pk  GET   login     403   404   404     404   404
training:survey_course       missing_pk  POST  login     405   405   405     405   405
training:survey_comments     course      GET   login     403   403   403     200   403
training:survey_comments     course      POST  login     405   405   405     405   405
training:survey_comments     missing_pk  GET   login     403   403   403     404   403
training:survey_comments     missing_pk  POST  login     405   405   405     405   405
training:survey_offering     offering    GET   login     403   200   200     200   200
training:survey_offering     offering    POST  login     405   405   405     405   405
training:survey_offering     missing_pk  GET   login     403   404   404     404   404
training:survey_offering     missing_pk  POST  login     405   405   405     405   405
training:offering_mark       offering    GET   login     405   405   405     405   405
training:offering_mark       offering    POST  login     403   403   403     200   200
training:offering_mark       missing_pk  GET   login     405   405   405     405   405
training:offering_mark       missing_pk  POST  login     403   403   403     404   404
training:offering_quick      offering    GET   login     403   403   403     200   200
training:offering_quick      offering    POST  login     403   403   403     302   302
training:offering_quick      missing_pk  GET   login     403   403   403     404   404
training:offering_quick      missing_pk  POST  login     403   403   403     404   404
training:offering_walk_in    offering    GET   login     403   403   403     200   200
training:offering_walk_in    offering    POST  login     403   403   403     302   302
training:offering_walk_in    missing_pk  GET   login     403   403   403     404   404
training:offering_walk_in    missing_pk  POST  login     403   403   403     404   404
training:offering_paste      offering    GET   login     403   403   403     200   200
training:offering_paste      offering    POST  login     403   403   403     200   200
training:offering_paste      missing_pk  GET   login     403   403   403     404   404
training:offering_paste      missing_pk  POST  login     403   403   403     404   404
training:offering_sheet      offering    GET   login     403   403   403     200   200
training:offering_sheet      offering    POST  login     405   405   405     405   405
training:offering_sheet      missing_pk  GET   login     403   403   403     404   404
training:offering_sheet      missing_pk  POST  login     405   405   405     405   405
training:offering_close      offering    GET   login     403   403   403     200   200
training:offering_close      offering    POST  login     403   403   403     200   200
training:offering_close      missing_pk  GET   login     403   403   403     404   404
training:offering_close      missing_pk  POST  login     403   403   403     404   404
training:offering_reopen     offering    GET   login     403   403   403     200   200
training:offering_reopen     offering    POST  login     403   403   403     302   302
training:offering_reopen     missing_pk  GET   login     403   403   403     404   404
training:offering_reopen     missing_pk  POST  login     403   403   403     404   404
training:offering_correct    frozen_off  GET   login     403   403   403     200   200
training:offering_correct    frozen_off  POST  login     403   403   403     200   200
training:offering_correct    missing_pk  GET   login     403   403   403     404   404
training:offering_correct    missing_pk  POST  login     403   403   403     404   404
training:mark_history        mark        GET   login     403   403   403     200   200
training:mark_history        mark        POST  login     405   405   405     405   405
training:mark_history        no_mark     GET   login     403   403   403     404   404
training:mark_history        no_mark     POST  login     405   405   405     405   405
training:upload_list         -           GET   login     403   403   403     200   200
training:upload_list         -           POST  login     405   405   405     405   405
training:upload_new          sheet_kind  GET   login     403   403   403     200   200
training:upload_new          sheet_kind  POST  login     403   403   403     200   200
training:upload_new          no_format   GET   login     403   403   403     404   404
training:upload_new          no_format   POST  login     403   403   403     404   404
training:upload_detail       upload      GET   login     403   403   403     200   200
training:upload_detail       upload      POST  login     405   405   405     405   405
training:upload_detail       upload_done GET   login     403   403   403     200   200
training:upload_detail       upload_done POST  login     405   405   405     405   405
training:upload_detail       missing_pk  GET   login     403   403   403     404   404
training:upload_detail       missing_pk  POST  login     405   405   405     405   405
training:upload_decide       upload      GET   login     405   405   405     405   405
training:upload_decide       upload      POST  login     403   403   403     302   302
training:upload_apply        upload      GET   login     405   405   405     405   405
training:upload_apply        upload      POST  login     403   403   403     302   302
training:upload_apply        missing_pk  GET   login     405   405   405     405   405
training:upload_apply        missing_pk  POST  login     403   403   403     404   404
training:upload_discard      upload      GET   login     405   405   405     405   405
training:upload_discard      upload      POST  login     403   403   403     302   302

leaders:index                -           GET   login     403   302   302     302   302
leaders:index                -           POST  login     405   405   405     405   405
leaders:cohort_list          -           GET   login     403   200   200     200   200
leaders:cohort_list          -           POST  login     405   405   405     405   405
leaders:cohort_detail        cohort      GET   login     403   200   200     200   200
leaders:cohort_detail        cohort      POST  login     405   405   405     405   405
leaders:cohort_detail        missing_pk  GET   login     403   404   404     404   404
leaders:cohort_detail        missing_pk  POST  login     405   405   405     405   405
leaders:cohort_export        cohort      GET   login     403   200   403     200   200
leaders:cohort_export        cohort      POST  login     403   200   403     200   200
leaders:cohort_export        missing_pk  GET   login     403   404   403     404   404
leaders:cohort_export        missing_pk  POST  login     403   404   403     404   404
leaders:term_detail          term_a      GET   login     404   200   404     200   200
leaders:term_detail          term_a      POST  login     405   405   405     405   405
leaders:term_detail          term_b      GET   login     404   404   404     200   200
leaders:term_detail          term_b      POST  login     405   405   405     405   405
leaders:term_detail          term_own    GET   login     404   404   200     200   200
leaders:term_detail          term_own    POST  login     405   405   405     405   405
leaders:term_detail          missing_pk  GET   login     404   404   404     404   404
leaders:term_detail          missing_pk  POST  login     405   405   405     405   405
leaders:term_end             term_a      GET   login     403   403   403     200   403
leaders:term_end             term_a      POST  login     403   403   403     302   403
leaders:term_end             term_b      GET   login     403   403   403     200   403
leaders:term_end             term_b      POST  login     403   403   403     302   403
leaders:term_end             term_over   GET   login     403   403   403     302   403
leaders:term_end             term_over   POST  login     403   403   403     200   403
leaders:term_end             missing_pk  GET   login     403   403   403     404   403
leaders:term_end             missing_pk  POST  login     403   403   403     404   403
leaders:term_continue        term_a      GET   login     403   403   403     302   403
leaders:term_continue        term_a      POST  login     403   403   403     302   403
leaders:term_continue        term_moved  GET   login     403   403   403     200   403
leaders:term_continue        term_moved  POST  login     403   403   403     302   403
leaders:term_continue        missing_pk  GET   login     403   403   403     404   403
leaders:term_continue        missing_pk  POST  login     403   403   403     404   403
leaders:term_resume          term_over   GET   login     405   405   405     405   405
leaders:term_resume          term_over   POST  login     403   403   403     302   403
leaders:term_resume          missing_pk  GET   login     405   405   405     405   405
leaders:term_resume          missing_pk  POST  login     403   403   403     404   403
leaders:term_cancel          term_next   GET   login     403   403   403     200   403
leaders:term_cancel          term_next   POST  login     403   403   403     302   403
leaders:term_cancel          term_a      GET   login     403   403   403     200   403
leaders:term_cancel          term_a      POST  login     403   403   403     200   403
leaders:term_cancel          missing_pk  GET   login     403   403   403     404   403
leaders:term_cancel          missing_pk  POST  login     403   403   403     404   403
leaders:term_undecide        ended_a     GET   login     403   403   403     200   403
leaders:term_undecide        ended_a     POST  login     403   403   403     302   403
leaders:term_undecide        ended_b     GET   login     403   403   403     200   403
leaders:term_undecide        ended_b     POST  login     403   403   403     302   403
leaders:term_undecide        missing_pk  GET   login     403   403   403     404   403
leaders:term_undecide        missing_pk  POST  login     403   403   403     404   403
leaders:cohort_reopen        closable    GET   login     405   405   405     405   405
leaders:cohort_reopen        closable    POST  login     403   403   403     302   403
leaders:cohort_reopen        missing_pk  GET   login     405   405   405     405   405
leaders:cohort_reopen        missing_pk  POST  login     403   403   403     404   403
leaders:designation_cancel   designation_n GET login     403   403   403     200   403
leaders:designation_cancel   designation_n POST login    403   403   403     302   403
leaders:designation_cancel   designation_a GET login     403   403   403     200   403
leaders:designation_cancel   designation_a POST login    403   403   403     200   403
leaders:designation_cancel   missing_pk  GET   login     403   403   403     404   403
leaders:designation_cancel   missing_pk  POST  login     403   403   403     404   403
leaders:term_departure       term_gone   GET   login     405   405   405     405   405
leaders:term_departure       term_gone   POST  login     403   403   403     302   403
leaders:term_departure       missing_pk  GET   login     405   405   405     405   405
leaders:term_departure       missing_pk  POST  login     403   403   403     404   403
leaders:nomination_list      -           GET   login     403   200   403     200   200
leaders:nomination_list      -           POST  login     405   405   405     405   405
leaders:nomination_export    -           GET   login     403   200   403     200   200
leaders:nomination_export    -           POST  login     403   200   403     200   200
leaders:nomination_new       round_a     GET   login     403   200   403     200   403
leaders:nomination_new       round_a     POST  login     403   302   403     302   403
leaders:nomination_new       round_b     GET   login     403   404   403     200   403
leaders:nomination_new       round_b     POST  login     403   404   403     200   403
leaders:nomination_new       no_round    GET   login     403   404   403     404   403
leaders:nomination_new       no_round    POST  login     403   404   403     404   403
leaders:nomination_detail    sent_a      GET   login     403   200   403     200   200
leaders:nomination_detail    sent_a      POST  login     405   405   405     405   405
leaders:nomination_detail    sent_b      GET   login     403   404   403     200   200
leaders:nomination_detail    sent_b      POST  login     405   405   405     405   405
leaders:nomination_edit      returned_a  GET   login     403   200   403     200   403
leaders:nomination_edit      returned_a  POST  login     403   302   403     302   403
leaders:nomination_edit      returned_b  GET   login     403   404   403     200   403
leaders:nomination_edit      returned_b  POST  login     403   404   403     200   403
leaders:nomination_approve   sent_a      GET   login     405   405   405     405   405
leaders:nomination_approve   sent_a      POST  login     403   403   403     302   403
leaders:nomination_approve   sent_b      GET   login     405   405   405     405   405
leaders:nomination_approve   sent_b      POST  login     403   403   403     302   403
leaders:nomination_return    sent_a      GET   login     405   405   405     405   405
leaders:nomination_return    sent_a      POST  login     403   403   403     302   403
leaders:nomination_return    sent_b      GET   login     405   405   405     405   405
leaders:nomination_return    sent_b      POST  login     403   403   403     302   403
leaders:cohort_close         closable    GET   login     403   403   403     200   200
leaders:cohort_close         closable    POST  login     403   403   403     302   403
leaders:cohort_close         missing_pk  GET   login     403   403   403     404   404
leaders:cohort_close         missing_pk  POST  login     403   403   403     404   404
leaders:term_decide          ended_a     GET   login     403   403   403     200   403
leaders:term_decide          ended_a     POST  login     403   403   403     302   403
leaders:term_decide          ended_b     GET   login     403   403   403     200   403
leaders:term_decide          ended_b     POST  login     403   403   403     302   403
leaders:term_decide          missing_pk  GET   login     403   403   403     404   403
leaders:term_decide          missing_pk  POST  login     403   403   403     404   403
leaders:certificate_batch    closable    GET   login     403   403   403     200   200
leaders:certificate_batch    closable    POST  login     403   403   403     302   403
leaders:certificate_batch    missing_pk  GET   login     403   403   403     404   404
leaders:certificate_batch    missing_pk  POST  login     403   403   403     404   404
leaders:certificate_verify   -           GET   login     403   403   403     200   200
leaders:certificate_verify   -           POST  login     405   405   405     405   405
leaders:certificate_detail   lpaper_own  GET   login     404   404   200     200   200
leaders:certificate_detail   lpaper_own  POST  login     405   405   405     405   405
leaders:certificate_detail   lpaper_a    GET   login     404   404   404     200   200
leaders:certificate_detail   lpaper_a    POST  login     405   405   405     405   405
leaders:certificate_detail   lpaper_b    GET   login     404   404   404     200   200
leaders:certificate_detail   lpaper_b    POST  login     405   405   405     405   405
leaders:certificate_detail   missing_pk  GET   login     404   404   404     404   404
leaders:certificate_detail   missing_pk  POST  login     405   405   405     405   405
leaders:certificate_issue    ended_own   GET   login     405   405   405     405   405
leaders:certificate_issue    ended_own   POST  login     404   404   302     302   403
leaders:certificate_issue    ended_a     GET   login     405   405   405     405   405
leaders:certificate_issue    ended_a     POST  login     404   403   404     302   403
leaders:certificate_issue    ended_b     GET   login     405   405   405     405   405
leaders:certificate_issue    ended_b     POST  login     404   404   404     302   403
leaders:certificate_issue    missing_pk  GET   login     405   405   405     405   405
leaders:certificate_issue    missing_pk  POST  login     404   404   404     404   404
leaders:appointment          ended_own   GET   login     404   404   200     200   200
leaders:appointment          ended_own   POST  login     405   405   405     405   405
leaders:appointment          ended_a     GET   login     404   403   404     200   200
leaders:appointment          ended_a     POST  login     405   405   405     405   405
leaders:appointment          ended_b     GET   login     404   404   404     200   200
leaders:appointment          ended_b     POST  login     405   405   405     405   405
leaders:appointment          missing_pk  GET   login     404   404   404     404   404
leaders:appointment          missing_pk  POST  login     405   405   405     405   405
leaders:appointment_batch    cohort      GET   login     403   403   403     200   200
leaders:appointment_batch    cohort      POST  login     405   405   405     405   405
leaders:appointment_batch    missing_pk  GET   login     403   403   403     404   404
leaders:appointment_batch    missing_pk  POST  login     405   405   405     405   405
leaders:mine                 -           GET   login     403   403   200     403   403
leaders:mine                 -           POST  login     405   405   405     405   405
leaders:activity_list        -           GET   login     403   200   403     200   200
leaders:activity_list        -           POST  login     405   405   405     405   405
leaders:activity_export      -           GET   login     403   200   403     200   200
leaders:activity_export      -           POST  login     403   200   403     200   200
leaders:activity_print       -           GET   login     403   200   403     200   200
leaders:activity_print       -           POST  login     405   405   405     405   405
leaders:activity_new         own_term    GET   login     404   404   200     404   404
leaders:activity_new         own_term    POST  login     404   404   302     404   404
leaders:activity_new         term_a      GET   login     404   404   404     404   404
leaders:activity_new         term_a      POST  login     404   404   404     404   404
leaders:activity_new         term_b      GET   login     404   404   404     404   404
leaders:activity_new         term_b      POST  login     404   404   404     404   404
leaders:activity_new         missing_pk  GET   login     404   404   404     404   404
leaders:activity_new         missing_pk  POST  login     404   404   404     404   404
leaders:activity_detail      own_activity GET   login     404   404   200     200   200
leaders:activity_detail      own_activity POST  login     405   405   405     405   405
leaders:activity_detail      activity_a  GET   login     404   200   404     200   200
leaders:activity_detail      activity_a  POST  login     405   405   405     405   405
leaders:activity_detail      activity_b  GET   login     404   404   404     200   200
leaders:activity_detail      activity_b  POST  login     405   405   405     405   405
leaders:activity_detail      missing_pk  GET   login     404   404   404     404   404
leaders:activity_detail      missing_pk  POST  login     405   405   405     405   405
leaders:activity_edit        own_activity GET   login     404   404   200     200   403
leaders:activity_edit        own_activity POST  login     404   404   302     302   403
leaders:activity_edit        activity_a  GET   login     404   403   404     200   403
leaders:activity_edit        activity_a  POST  login     404   403   404     302   403
leaders:activity_edit        activity_b  GET   login     404   404   404     200   403
leaders:activity_edit        activity_b  POST  login     404   404   404     302   403
leaders:activity_edit        missing_pk  GET   login     404   404   404     404   404
leaders:activity_edit        missing_pk  POST  login     404   404   404     404   404
leaders:activity_comment     own_activity GET   login     405   405   405     405   405
leaders:activity_comment     own_activity POST  login     404   404   302     302   403
leaders:activity_comment     activity_a  GET   login     405   405   405     405   405
leaders:activity_comment     activity_a  POST  login     404   302   404     302   403
leaders:activity_comment     activity_b  GET   login     405   405   405     405   405
leaders:activity_comment     activity_b  POST  login     404   404   404     302   403
leaders:activity_comment     missing_pk  GET   login     405   405   405     405   405
leaders:activity_comment     missing_pk  POST  login     404   404   404     404   404
leaders:round_edit           cohort      GET   login     403   403   403     200   403
leaders:round_edit           cohort      POST  login     403   403   403     302   403
leaders:round_edit           missing_pk  GET   login     403   403   403     404   403
leaders:round_edit           missing_pk  POST  login     403   403   403     404   403
leaders:round_close          cohort      GET   login     403   403   403     200   403
leaders:round_close          cohort      POST  login     403   403   403     302   403
leaders:round_close          missing_pk  GET   login     403   403   403     404   403
leaders:round_close          missing_pk  POST  login     403   403   403     404   403
leaders:round_reopen         cohort      GET   login     403   403   403     200   403
leaders:round_reopen         cohort      POST  login     403   403   403     200   403
leaders:round_reopen         missing_pk  GET   login     403   403   403     404   403
leaders:round_reopen         missing_pk  POST  login     403   403   403     404   403
leaders:round_reminder       cohort      GET   login     403   403   403     200   403
leaders:round_reminder       cohort      POST  login     405   405   405     405   405
leaders:round_reminder       missing_pk  GET   login     403   403   403     404   403
leaders:round_reminder       missing_pk  POST  login     405   405   405     405   405
leaders:recommendation_batch cohort      GET   login     403   403   403     200   403
leaders:recommendation_batch cohort      POST  login     405   405   405     405   405
leaders:recommendation_batch missing_pk  GET   login     403   403   403     404   403
leaders:recommendation_batch missing_pk  POST  login     405   405   405     405   405
leaders:nomination_approve_chosen cohort      GET   login     405   405   405     405   405
leaders:nomination_approve_chosen cohort      POST  login     403   403   403     200   403
leaders:nomination_approve_chosen missing_pk  GET   login     405   405   405     405   405
leaders:nomination_approve_chosen missing_pk  POST  login     403   403   403     404   403
leaders:recommendation       sent_a      GET   login     403   200   403     200   200
leaders:recommendation       sent_a      POST  login     405   405   405     405   405
leaders:recommendation       sent_b      GET   login     403   404   403     200   200
leaders:recommendation       sent_b      POST  login     405   405   405     405   405
leaders:recommendation       missing_pk  GET   login     403   404   403     404   404
leaders:recommendation       missing_pk  POST  login     405   405   405     405   405
leaders:nomination_withdraw  sent_a      GET   login     403   200   403     200   403
leaders:nomination_withdraw  sent_a      POST  login     403   302   403     302   403
leaders:nomination_withdraw  sent_b      GET   login     403   404   403     200   403
leaders:nomination_withdraw  sent_b      POST  login     403   404   403     302   403
leaders:deputy_list          -           GET   login     403   200   403     200   200
leaders:deputy_list          -           POST  login     403   302   403     403   403
leaders:deputy_export        -           GET   login     403   200   403     200   200
leaders:deputy_export        -           POST  login     403   200   403     200   200
leaders:deputy_end           deputy_a    GET   login     405   405   405     405   405
leaders:deputy_end           deputy_a    POST  login     403   302   403     302   403
leaders:deputy_end           deputy_b    GET   login     405   405   405     405   405
leaders:deputy_end           deputy_b    POST  login     403   404   403     302   403
leaders:curriculum           -           GET   login     403   200   403     200   200
leaders:curriculum           -           POST  login     405   405   405     405   405
leaders:curriculum_export    -           GET   login     403   200   403     200   200
leaders:curriculum_export    -           POST  login     403   200   403     200   200
leaders:curriculum_edit      -           GET   login     403   403   403     200   403
leaders:curriculum_edit      -           POST  login     403   403   403     302   403
leaders:leader_export        -           GET   login     403   403   403     200   200
leaders:leader_export        -           POST  login     403   403   403     200   200
leaders:upload_list          -           GET   login     403   403   403     200   200
leaders:upload_list          -           POST  login     405   405   405     405   405
leaders:upload_new           -           GET   login     403   403   403     200   403
leaders:upload_new           -           POST  login     403   403   403     200   403
leaders:upload_detail        l_upload    GET   login     403   403   403     200   200
leaders:upload_detail        l_upload    POST  login     405   405   405     405   405
leaders:upload_detail        l_done      GET   login     403   403   403     200   200
leaders:upload_detail        l_done      POST  login     405   405   405     405   405
leaders:upload_detail        missing_pk  GET   login     403   403   403     404   404
leaders:upload_detail        missing_pk  POST  login     405   405   405     405   405
leaders:upload_apply         l_upload    GET   login     405   405   405     405   405
leaders:upload_apply         l_upload    POST  login     403   403   403     200   403
leaders:upload_apply         l_done      GET   login     405   405   405     405   405
leaders:upload_apply         l_done      POST  login     403   403   403     302   403
leaders:upload_apply         missing_pk  GET   login     405   405   405     405   405
leaders:upload_apply         missing_pk  POST  login     403   403   403     404   403
leaders:upload_discard       l_upload    GET   login     405   405   405     405   405
leaders:upload_discard       l_upload    POST  login     403   403   403     302   403
leaders:upload_discard       missing_pk  GET   login     405   405   405     405   405
leaders:upload_discard       missing_pk  POST  login     403   403   403     404   403

leaders:specialist_list      -           GET   login     403   200   200     200   200
leaders:specialist_list      -           POST  login     405   405   405     405   405
leaders:specialist_export    -           GET   login     403   200   403     200   200
leaders:specialist_export    -           POST  login     403   200   403     200   200
leaders:specialist_outlook   -           GET   login     403   403   200     200   200
leaders:specialist_outlook   -           POST  login     405   405   405     405   405
leaders:specialist_candidates -          GET   login     403   403   403     200   200
leaders:specialist_candidates -          POST  login     405   405   405     405   405
leaders:specialist_candidate_export -    GET   login     403   403   403     200   200
leaders:specialist_candidate_export -    POST  login     403   403   403     200   200
leaders:specialist_candidate candidate_a GET   login     403   403   403     200   200
leaders:specialist_candidate candidate_a POST  login     405   405   405     405   405
leaders:specialist_candidate candidate_b GET   login     403   403   403     200   200
leaders:specialist_candidate candidate_b POST  login     405   405   405     405   405
leaders:specialist_candidate hr_own      GET   login     403   403   403     200   200
leaders:specialist_candidate hr_own      POST  login     405   405   405     405   405
leaders:specialist_candidate staff       GET   login     403   403   403     404   404
leaders:specialist_candidate staff       POST  login     405   405   405     405   405
leaders:specialist_candidate missing     GET   login     403   403   403     404   404
leaders:specialist_candidate missing     POST  login     405   405   405     405   405
leaders:designation_new      candidate_a GET   login     403   403   403     200   403
leaders:designation_new      candidate_a POST  login     403   403   403     302   403
leaders:designation_new      candidate_b GET   login     403   403   403     200   403
leaders:designation_new      candidate_b POST  login     403   403   403     302   403
leaders:designation_new      hr_own      GET   login     403   403   403     403   403
leaders:designation_new      hr_own      POST  login     403   403   403     403   403
leaders:designation_new      missing     GET   login     403   403   403     404   403
leaders:designation_new      missing     POST  login     403   403   403     404   403
leaders:designation_end      designation_a GET login     403   403   403     200   403
leaders:designation_end      designation_a POST login    403   403   403     302   403
leaders:designation_end      designation_b GET login     403   403   403     200   403
leaders:designation_end      designation_b POST login    403   403   403     302   403
leaders:designation_end      missing_pk  GET   login     403   403   403     404   403
leaders:designation_end      missing_pk  POST  login     403   403   403     404   403
leaders:suitability_edit     candidate_a GET   login     403   403   403     200   403
leaders:suitability_edit     candidate_a POST  login     403   403   403     302   403
leaders:suitability_edit     candidate_b GET   login     403   403   403     200   403
leaders:suitability_edit     candidate_b POST  login     403   403   403     302   403
leaders:suitability_edit     hr_own      GET   login     403   403   403     403   403
leaders:suitability_edit     hr_own      POST  login     403   403   403     403   403
leaders:suitability_edit     missing     GET   login     403   403   403     404   403
leaders:suitability_edit     missing     POST  login     403   403   403     404   403
leaders:transfer_request_hear candidate_a GET  login     403   403   403     200   403
leaders:transfer_request_hear candidate_a POST login     403   403   403     302   403
leaders:transfer_request_hear candidate_b GET  login     403   403   403     200   403
leaders:transfer_request_hear candidate_b POST login     403   403   403     302   403
leaders:transfer_request_hear hr_own     GET   login     403   403   403     403   403
leaders:transfer_request_hear hr_own     POST  login     403   403   403     403   403
leaders:transfer_request_hear missing    GET   login     403   403   403     404   403
leaders:transfer_request_hear missing    POST  login     403   403   403     404   403
leaders:transfer_request     -           GET   login     403   403   200     200   403
leaders:transfer_request     -           POST  login     403   403   302     302   403

reports:dashboard            -           GET   login     403   200   200     200   200
reports:dashboard            -           POST  login     405   405   405     405   405
reports:people_list          figure      GET   login     403   200   403     200   200
reports:people_list          figure      POST  login     405   405   405     405   405
reports:people_list          no_figure   GET   login     403   404   403     404   404
reports:people_list          no_figure   POST  login     405   405   405     405   405
reports:people_export        figure      GET   login     403   200   403     200   200
reports:people_export        figure      POST  login     403   200   403     200   200
reports:people_export        no_figure   GET   login     403   404   403     404   404
reports:people_export        no_figure   POST  login     403   404   403     404   404

reports:gap                  -           GET   login     403   200   200     200   200
reports:gap                  -           POST  login     405   405   405     405   405
reports:gap_people           -           GET   login     403   200   403     200   200
reports:gap_people           -           POST  login     405   405   405     405   405
reports:gap_export           -           GET   login     403   200   403     200   200
reports:gap_export           -           POST  login     403   200   403     200   200
reports:gap_offerings        -           GET   login     403   403   403     200   200
reports:gap_offerings        -           POST  login     403   403   403     200   200

reports:flow                 -           GET   login     403   200   200     200   200
reports:flow                 -           POST  login     405   405   405     405   405
reports:flow_people          term        GET   login     403   200   403     200   200
reports:flow_people          term        POST  login     405   405   405     405   405
reports:flow_people          no_figure   GET   login     403   404   403     404   404
reports:flow_people          no_figure   POST  login     405   405   405     405   405
reports:flow_export          term        GET   login     403   200   403     200   200
reports:flow_export          term        POST  login     403   200   403     200   200
reports:flow_export          no_figure   GET   login     403   404   403     404   404
reports:flow_export          no_figure   POST  login     403   404   403     404   404
reports:rule_list            -           GET   login     403   200   200     200   200
reports:rule_list            -           POST  login     405   405   405     405   405
reports:rule_new             -           GET   login     403   403   403     403   200
reports:rule_new             -           POST  login     403   403   403     403   302
reports:rule_withdraw        rule_next   GET   login     403   403   403     403   200
reports:rule_withdraw        rule_next   POST  login     403   403   403     403   302
reports:rule_withdraw        training_countingrule GET   login     403   403   403     403   200
reports:rule_withdraw        training_countingrule POST  login     403   403   403     403   200
reports:rule_withdraw        missing_pk  GET   login     403   403   403     403   404
reports:rule_withdraw        missing_pk  POST  login     403   403   403     403   302
reports:report               -           GET   login     403   200   200     200   200
reports:report               -           POST  login     403   200   200     200   200
reports:report_workbook      -           GET   login     403   200   200     200   200
reports:report_workbook      -           POST  login     405   405   405     405   405
reports:term_list            -           GET   login     403   200   403     200   200
reports:term_list            -           POST  login     405   405   405     405   405
reports:term_export          -           GET   login     403   200   403     200   200
reports:term_export          -           POST  login     403   200   403     200   200
reports:department_table_export -        GET   login     403   200   200     200   200
reports:department_table_export -        POST  login     403   200   200     200   200
reports:department_list      -           GET   login     403   200   200     200   200
reports:department_list      -           POST  login     405   405   405     405   405
reports:department_detail    unit_a      GET   login     403   200   200     200   200
reports:department_detail    unit_a      POST  login     405   405   405     405   405
reports:department_detail    unit_b      GET   login     403   404   200     200   200
reports:department_detail    unit_b      POST  login     405   405   405     405   405
reports:department_detail    missing_pk  GET   login     403   404   404     404   404
reports:department_detail    missing_pk  POST  login     405   405   405     405   405
reports:band_detail          band        GET   login     403   200   200     200   200
reports:band_detail          band        POST  login     405   405   405     405   405
reports:band_detail          no_band     GET   login     403   404   404     404   404
reports:band_detail          no_band     POST  login     405   405   405     405   405

reports:forecast             -           GET   login     403   200   200     200   200
reports:forecast             -           POST  login     405   405   405     405   405

reports:report_print         -           GET   login     403   200   200     200   200
reports:report_print         -           POST  login     405   405   405     405   405
reports:roster_followup      applied     GET   login     403   403   403     200   200
reports:roster_followup      applied     POST  login     405   405   405     405   405
reports:roster_followup      roster      GET   login     403   403   403     404   404
reports:roster_followup      roster      POST  login     405   405   405     405   405

reports:snapshot_list        -           GET   login     403   200   200     200   200
reports:snapshot_list        -           POST  login     405   405   405     405   405
reports:snapshot_detail      frozen      GET   login     403   200   200     200   200
reports:snapshot_detail      frozen      POST  login     405   405   405     405   405
reports:snapshot_detail      running     GET   login     403   404   404     404   404
reports:snapshot_detail      running     POST  login     405   405   405     405   405
reports:snapshot_new         frozen      GET   login     403   403   403     302   403
reports:snapshot_new         frozen      POST  login     403   403   403     302   403
reports:snapshot_new         running     GET   login     403   403   403     200   403
reports:snapshot_new         running     POST  login     403   403   403     200   403
reports:snapshot_new         missing_pk  GET   login     403   403   403     404   403
reports:snapshot_new         missing_pk  POST  login     403   403   403     404   403
reports:snapshot_export      frozen      GET   login     403   200   403     200   200
reports:snapshot_export      frozen      POST  login     403   200   403     200   200
reports:snapshot_export      running     GET   login     403   404   403     404   404
reports:snapshot_export      running     POST  login     403   404   403     404   404
reports:comparison           -           GET   login     403   200   200     200   200
reports:comparison           -           POST  login     405   405   405     405   405
reports:comparison_export    -           GET   login     403   200   403     200   200
reports:comparison_export    -           POST  login     403   200   403     200   200

admin:index                  -           GET   admin     admin admin admin   admin 200
admin:index                  -           POST  admin     admin admin admin   admin 200
admin:login                  -           GET   login     403   403   403     403   302
admin:login                  -           POST  login     403   403   403     403   302
admin:logout                 -           GET   admin     302   302   302     302   405
admin:logout                 -           POST  admin     302   302   302     302   200
admin:password_change        -           GET   admin     admin admin admin   admin 200
admin:password_change        -           POST  admin     admin admin admin   admin 200
admin:password_change_done   -           GET   admin     admin admin admin   admin 200
admin:password_change_done   -           POST  admin     admin admin admin   admin 405
admin:autocomplete           -           GET   admin     admin admin admin   admin 403
admin:autocomplete           -           POST  admin     admin admin admin   admin 405
admin:jsi18n                 -           GET   admin     admin admin admin   admin 200
admin:jsi18n                 -           POST  admin     admin admin admin   admin 405
admin:view_on_site           on_site     GET   admin     admin admin admin   admin 404
admin:view_on_site           on_site     POST  admin     admin admin admin   admin 404
admin:app_list               app         GET   admin     admin admin admin   admin 200
admin:app_list               app         POST  admin     admin admin admin   admin 200
admin:app_list               no_app      GET   admin     admin admin admin   admin 404
admin:app_list               no_app      POST  admin     admin admin admin   admin 404
"""

# The masters administrators keep. Those of Django, allauth and the audit log answer nobody.
MASTERS = (
    "staff_rank",
    "staff_concurrentpost",
    "staff_staffmember",
    "staff_user",
    "training_programme",
    "training_planperiod",
    "training_planreview",
    "training_countingrule",
    "training_frozenyear",
    "leaders_cohort",
    "leaders_leaderterm",
    "leaders_specialistdesignation",
    "reports_target",
    "reports_forecastsetting",
    "reports_snapshot",
)
VIEWED_ONLY = (
    "training_countingrule",
    "training_frozenyear",
    "leaders_leaderterm",
    "leaders_specialistdesignation",
    "reports_snapshot",
)
NEVER = {
    ("training_frozenyear", "add"),
    ("reports_snapshot", "add"),
    ("staff_staffmember", "add"),
    ("training_countingrule", "add"),
    ("leaders_leaderterm", "add"),
    ("leaders_specialistdesignation", "add"),
}
SHUT = ("auth_group", "account_emailaddress", "auditlog_logentry")

# A deputy of A, who is the person without a role otherwise: what is answered differently. Theirs
# is what the head of A nominates; naming themself they are shown the page again.
DEPUTY_TABLE = """
leaders:index                -           GET   302
leaders:nomination_list      -           GET   200
leaders:nomination_list      -           POST  405
leaders:nomination_export    -           GET   200
leaders:nomination_export    -           POST  200
leaders:nomination_new       round_a     GET   200
leaders:nomination_new       round_a     POST  200
leaders:nomination_new       round_b     GET   404
leaders:nomination_new       round_b     POST  404
leaders:nomination_new       no_round    GET   404
leaders:nomination_new       no_round    POST  404
leaders:nomination_detail    sent_a      GET   200
leaders:nomination_detail    sent_a      POST  405
leaders:nomination_detail    sent_b      GET   404
leaders:nomination_detail    sent_b      POST  405
leaders:nomination_edit      returned_a  GET   200
leaders:nomination_edit      returned_a  POST  302
leaders:nomination_edit      returned_b  GET   404
leaders:nomination_edit      returned_b  POST  404
leaders:nomination_withdraw  sent_a      GET   200
leaders:nomination_withdraw  sent_a      POST  302
leaders:nomination_withdraw  sent_b      GET   404
leaders:nomination_withdraw  sent_b      POST  404
leaders:recommendation       sent_a      GET   200
leaders:recommendation       sent_a      POST  405
leaders:recommendation       sent_b      GET   404
leaders:recommendation       sent_b      POST  405
leaders:recommendation       missing_pk  GET   404
leaders:recommendation       missing_pk  POST  405
"""


# --- The table ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What each asker is answered at one address about one thing."""

    name: str
    thing: str
    get: dict[str, str] = field(compare=False)
    post: dict[str, str] = field(compare=False)

    def __str__(self) -> str:
        return self.name if self.thing == "-" else f"{self.name}-{self.thing}"


def written() -> Iterator[Line]:
    rows = [row.split() for row in TABLE.strip().splitlines()[1:] if row.strip()]
    for get, post in zip(rows[::2], rows[1::2], strict=True):
        assert (get[:2], get[2], post[2]) == (post[:2], "GET", "POST"), get
        yield Line(
            get[0],
            get[1],
            dict(zip(ASKERS, get[3:], strict=True)),
            dict(zip(ASKERS, post[3:], strict=True)),
        )


def as_deputy() -> dict[tuple[str, str, str], str]:
    """What a deputy is answered at each address about one thing, by how they ask."""
    answers = {(line.name, line.thing, "GET"): line.get["staff"] for line in LINES}
    answers |= {(line.name, line.thing, "POST"): line.post["staff"] for line in LINES}
    for row in DEPUTY_TABLE.strip().splitlines():
        name, thing, how, answer = row.split()
        assert (name, thing, how) in answers, row
        answers[name, thing, how] = answer
    return answers


def masters() -> Iterator[Line]:
    """Every page of every model the admin site knows: nothing is deleted, people not added."""
    for model in (*MASTERS, *SHUT):
        for page in ("changelist", "add", "change", "history", "delete"):
            refused = model in SHUT or page == "delete" or (model, page) in NEVER
            answers = dict.fromkeys(ASKERS, "admin") | {
                "anonymous": "login",
                "admin": "403" if refused else "200",
            }
            # An empty form says of a person that they have not left, and is whole.
            posted = {"staff_staffmember": {"admin": "302"}} | dict.fromkeys(
                VIEWED_ONLY, {"admin": "403"}
            )
            thing = "-" if page in ("changelist", "add") else model
            yield Line(
                f"admin:{model}_{page}",
                thing,
                answers,
                answers | (posted.get(model, {}) if page == "change" else {}),
            )


LINES = [*written(), *masters()]
